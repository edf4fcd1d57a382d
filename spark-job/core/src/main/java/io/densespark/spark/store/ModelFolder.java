package io.densespark.spark.store;

import io.densespark.model.weights.ModelDescription;
import io.densespark.model.weights.NamedTensor;
import io.densespark.model.weights.Safetensors;
import io.densespark.spark.JobException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A trained model. Its files, in the order in which they are written:
 *
 * <pre>
 * model.safetensors   parameters and running statistics
 * SHA256SUMS          checksums of the other two; readers do without it, and compare if it is there
 * model.json          see {@link ModelDescription}; its presence is the commit
 * </pre>
 *
 * @param description what {@code model.json} holds
 * @param state what {@code model.safetensors} holds, by PyTorch's names
 */
public record ModelFolder(ModelDescription description, Map<String, NamedTensor> state) {

    /** Writes the folder, in place of a model that may be there; while it is written there is none. */
    public void write(Path folder, Configuration conf) throws IOException {
        CommittedFolder target = CommittedFolder.begin(folder, ModelDescription.FILE, conf);
        target.add(ModelDescription.WEIGHTS_FILE, out -> Safetensors.write(state, out));
        target.commit(description.toJson());
    }

    /**
     * Reads a model.
     *
     * @throws JobException if there is none, or a file may not be read, or isn't what was written
     * @throws io.densespark.model.ModelException if a file is damaged
     */
    public static ModelFolder read(Path folder, Configuration conf) throws IOException {
        ModelDescription description = readDescription(folder, conf);
        return new ModelFolder(description, readState(folder, conf).value());
    }

    /** Reads the state alone, with the digest of its file; errors as {@link #read}. */
    public static StoredFile<Map<String, NamedTensor>> readState(Path folder, Configuration conf) throws IOException {
        Path path = new Path(folder, ModelDescription.WEIGHTS_FILE);
        try {
            return FolderSums.of(folder, conf)
                    .read(ModelDescription.WEIGHTS_FILE, in -> Safetensors.read(in, path.toString()));
        } catch (FileNotFoundException e) {
            throw none(folder, path, e);
        }
    }

    /** Reads the description alone; errors as {@link #read}. */
    public static ModelDescription readDescription(Path folder, Configuration conf) throws IOException {
        Path path = new Path(folder, ModelDescription.FILE);
        try {
            return FolderSums.of(folder, conf)
                    .read(ModelDescription.FILE, in -> ModelDescription.read(in, path.toString()))
                    .value();
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
