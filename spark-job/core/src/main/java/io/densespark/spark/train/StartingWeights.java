package io.densespark.spark.train;

import io.densespark.model.network.ParameterLayout;
import io.densespark.model.weights.ModelDescription;
import io.densespark.model.weights.Safetensors;
import io.densespark.model.weights.WeightsImport;
import io.densespark.spark.JobException;
import io.densespark.spark.store.ModelFolder;
import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
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
    private static final int BUFFER = 1 << 16;

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
            Path file = given;
            if (given.getFileSystem(conf).getFileStatus(given).isDirectory()) {
                ModelFolder.readDescription(given, conf);
                file = new Path(given, ModelDescription.WEIGHTS_FILE);
            }
            return readFile(file, layout, conf);
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

    private static StartingWeights readFile(Path file, ParameterLayout layout, Configuration conf) throws IOException {
        MessageDigest digest = sha256Digest();
        try (InputStream in = new DigestInputStream(
                new BufferedInputStream(file.getFileSystem(conf).open(file), BUFFER), digest)) {
            WeightsImport weights = WeightsImport.match(Safetensors.read(in, file.toString()), layout, file.toString());
            return new StartingWeights(weights, HexFormat.of().formatHex(digest.digest()));
        }
    }

    private static MessageDigest sha256Digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
