package io.densespark.spark.train;

import io.densespark.model.network.ParameterLayout;
import io.densespark.model.weights.ModelDescription;
import io.densespark.model.weights.NamedTensor;
import io.densespark.model.weights.Safetensors;
import io.densespark.model.weights.WeightsImport;
import io.densespark.spark.JobException;
import io.densespark.spark.store.ModelFolder;
import io.densespark.spark.store.StoredFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The weights that a run begins with instead of random ones. The driver reads them to check them, then every rank reads
 * them; the digest shows that all have read the same bytes.
 *
 * @param weights that fit the network
 * @param sha256 of the file
 */
record StartingWeights(WeightsImport weights, String sha256) {
    /**
     * Reads weights on the driver.
     *
     * @param uri of a safetensors file or a model folder
     * @throws JobException if there are none, or they can't be read
     * @throws io.densespark.model.ModelException if the file is damaged, or is another network's
     */
    static StartingWeights read(String uri, ParameterLayout layout, Configuration conf) {
        Path given = new Path(uri);
        try {
            if (given.getFileSystem(conf).getFileStatus(given).isDirectory()) {
                ModelFolder.readDescription(given, conf);
                Path file = new Path(given, ModelDescription.WEIGHTS_FILE);
                return of(ModelFolder.readState(given, conf), file, layout);
            }
            return of(StoredFile.read(given, conf, in -> Safetensors.read(in, uri)), given, layout);
        } catch (FileNotFoundException e) {
            throw new JobException(
                    "there are no weights at " + uri + ": give --init a .safetensors file, or the folder 'model' of a "
                            + "training run, on a file system that driver and executors share",
                    e);
        } catch (IOException e) {
            throw new JobException("the weights of --init " + uri + " can't be read: " + e.getMessage(), e);
        }
    }

    /**
     * Reads weights on a rank.
     *
     * @throws JobException as {@link #read}, and if the file isn't what the driver has read
     */
    static WeightsImport read(String uri, String expectedSha256, ParameterLayout layout, Configuration conf) {
        StartingWeights found = read(uri, layout, conf);
        if (!found.sha256.equals(expectedSha256)) {
            throw new JobException(
                    "the weights of --init " + uri + " have changed since the driver read them: start again");
        }
        return found.weights;
    }

    private static StartingWeights of(StoredFile<Map<String, NamedTensor>> file, Path path, ParameterLayout layout) {
        return new StartingWeights(WeightsImport.match(file.value(), layout, path.toString()), file.sha256());
    }
}
