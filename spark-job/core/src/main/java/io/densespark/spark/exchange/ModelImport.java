package io.densespark.spark.exchange;

import io.densespark.model.exchange.ForeignModel;
import io.densespark.model.weights.ModelDescription;
import io.densespark.spark.JobException;
import io.densespark.spark.store.ModelFolder;
import io.densespark.spark.store.StagedOutput;
import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Makes a model folder of another program's file. */
public final class ModelImport {
    private static final int BUFFER = 1 << 16;

    private ModelImport() {}

    /**
     * A model that was imported.
     *
     * @param description what the folder's {@code model.json} says
     * @param ignored names of the file's tensors that the network hasn't
     */
    public record Imported(ModelDescription description, List<String> ignored) {}

    /**
     * Imports a model.
     *
     * @param output folder to make
     * @return what was made
     * @throws JobException if there is no such file, the output exists and {@code overwrite} is false, a setting is
     *     missing or doesn't fit the model, or a file can't be read or written; no output is left then
     * @throws io.densespark.model.ModelException if the file is damaged or holds no DenseNet
     */
    public static Imported run(
            ImportFormat format,
            Path input,
            Path output,
            boolean overwrite,
            ImportSettings settings,
            Configuration conf) {
        try (StagedOutput staged = StagedOutput.begin(output, true, overwrite, conf)) {
            ForeignModel model = read(format, input, conf);
            ModelDescription description = settings.describe(model, input.toString());
            new ModelFolder(description, model.state()).write(staged.staging(), conf);
            staged.commit();
            return new Imported(description, model.ignored());
        } catch (IOException e) {
            throw new JobException(
                    input + " can't be imported to " + output + " (" + e.getMessage()
                            + "): check paths and permissions",
                    e);
        }
    }

    private static ForeignModel read(ImportFormat format, Path input, Configuration conf) throws IOException {
        try (InputStream in = new BufferedInputStream(input.getFileSystem(conf).open(input), BUFFER)) {
            return format.read(in, input.toString());
        } catch (FileNotFoundException e) {
            throw new JobException("there is no file " + input + ": give --input the model's file", e);
        }
    }
}
