package io.densespark.spark.store;

import io.densespark.data.files.PlainFiles;
import io.densespark.data.files.StagedFile;
import io.densespark.data.files.StagedFile.Content;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/**
 * The driver's request to the ranks of one attempt to write a checkpoint and stop: the file {@value #FILE} of the save folder,
 * with the attempt's name. Spark itself has no way to tell running tasks anything but that they are killed.
 */
public final class StopRequest {
    static final String FILE = ".stop";

    private final Path file;
    private final Configuration conf;
    private final String attempt;

    /** @param attempt its name */
    public StopRequest(Path save, String attempt, Configuration conf) {
        file = new Path(save, FILE);
        this.attempt = attempt;
        this.conf = conf;
    }

    /** Asks for it. */
    public void make() throws IOException {
        StagedFile.write(file, conf, Content.of(attempt.getBytes(StandardCharsets.UTF_8)));
    }

    /** Whether it is asked for; a request to another attempt isn't one. */
    public boolean isMade() throws IOException {
        try (FSDataInputStream in = PlainFiles.of(file, conf).system().open(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).equals(attempt);
        } catch (FileNotFoundException e) {
            return false;
        }
    }

    /** Removes the request, to whichever attempt it is. */
    public void remove() throws IOException {
        PlainFiles.of(file, conf).system().delete(file, false);
    }
}
