package io.densespark.spark.exchange;

import io.densespark.spark.JobException;
import io.densespark.spark.store.ModelFolder;
import io.densespark.spark.store.OutputFile;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Writes a model folder as one file of another format. */
public final class ModelExport {
    private ModelExport() {}

    /**
     * Exports a model.
     *
     * @param model folder
     * @param output file to make
     * @return the file, in full
     * @throws JobException if there is no model, the output exists and {@code overwrite} is false, or a file can't be read
     *     or written; no output is left then
     * @throws io.densespark.model.ModelException if the model is damaged
     */
    public static Path run(Path model, ExportFormat format, Path output, boolean overwrite, Configuration conf) {
        try {
            OutputFile file = OutputFile.begin(output, overwrite, conf);
            ModelFolder folder = ModelFolder.read(model, conf);
            file.write(out -> format.write(folder.description(), folder.state(), out));
            return file.path();
        } catch (IOException e) {
            throw new JobException(
                    "model " + model + " can't be exported to " + output + " (" + e.getMessage()
                            + "): check paths and permissions",
                    e);
        }
    }
}
