package io.densespark.spark.store;

import io.densespark.data.files.Obstacle;
import io.densespark.data.files.StagedFile;
import io.densespark.spark.JobException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The folder that a run leaves its files in. */
public final class SaveFolder {
    private SaveFolder() {}

    /**
     * Finds out before the work whether files can be written there; nothing is left.
     *
     * @throws JobException if they can't
     */
    public static void requireWritable(Path save, Configuration conf) {
        try {
            StagedFile.requireWritable(save, conf);
        } catch (IOException e) {
            throw new JobException(
                    "setting save " + save + " can't be written (" + Obstacle.reason(e)
                            + "): give --save a folder that this user may write, on a file system that driver and "
                            + "executors share",
                    e);
        }
    }
}
