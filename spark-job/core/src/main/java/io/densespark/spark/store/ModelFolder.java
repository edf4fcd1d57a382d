package io.densespark.spark.store;

import io.densespark.model.weights.ModelDescription;
import io.densespark.model.weights.NamedTensor;
import io.densespark.model.weights.Safetensors;
import io.densespark.spark.JobException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A trained model.
 *
 * @param description what {@code model.json} holds
 * @param state what {@code model.safetensors} holds, by PyTorch's names
 */
public record ModelFolder(ModelDescription description, Map<String, NamedTensor> state) {
    private static final int BUFFER = 1 << 16;

    /** Writes the weights, then the description: a folder without a description is no model. */
    public void write(Path folder, Configuration conf) throws IOException {
        FileSystem files = folder.getFileSystem(conf);
        try (OutputStream out =
                new BufferedOutputStream(files.create(new Path(folder, ModelDescription.WEIGHTS_FILE), true), BUFFER)) {
            Safetensors.write(state, out);
        }
        try (OutputStream out = files.create(new Path(folder, ModelDescription.FILE), true)) {
            out.write(description.toJson());
        }
    }

    /**
     * Reads a model.
     *
     * @throws JobException if there is none
     * @throws io.densespark.model.ModelException if a file is damaged
     */
    public static ModelFolder read(Path folder, Configuration conf) throws IOException {
        Path weights = new Path(folder, ModelDescription.WEIGHTS_FILE);
        ModelDescription description = readDescription(folder, conf);
        try (InputStream in =
                new BufferedInputStream(weights.getFileSystem(conf).open(weights), BUFFER)) {
            return new ModelFolder(description, Safetensors.read(in, weights.toString()));
        } catch (FileNotFoundException e) {
            throw none(folder, weights, e);
        }
    }

    /** Reads the description alone; errors as {@link #read}. */
    public static ModelDescription readDescription(Path folder, Configuration conf) throws IOException {
        Path path = new Path(folder, ModelDescription.FILE);
        try (InputStream in = path.getFileSystem(conf).open(path)) {
            return ModelDescription.read(in, path.toString());
        } catch (FileNotFoundException e) {
            throw none(folder, path, e);
        }
    }

    private static JobException none(Path folder, Path missing, Exception cause) {
        return new JobException(
                folder + " is no model folder: it has no " + missing.getName()
                        + "; give the folder 'model' of a training run",
                cause);
    }
}
