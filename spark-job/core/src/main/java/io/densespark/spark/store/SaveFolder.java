package io.densespark.spark.store;

import io.densespark.data.files.Leftovers;
import io.densespark.data.files.PlainFiles;
import io.densespark.spark.JobException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The folder that a run leaves its files in. */
public final class SaveFolder {
    private SaveFolder() {}

    /**
     * Finds out before the work whether files can be written there. Nothing is left: a folder that isn't there is not made,
     * but the one above it that is there is tried.
     *
     * @throws JobException if they can't
     */
    public static void requireWritable(Path save, Configuration conf) {
        try {
            PlainFiles files = PlainFiles.of(save, conf);
            Path folder = existing(files.system(), files.system().makeQualified(save));
            if (!files.system().getFileStatus(folder).isDirectory()) {
                throw new IOException(folder + " is a file");
            }
            Path probe = Leftovers.writing(new Path(folder, "save"));
            files.create(probe).close();
            files.system().delete(probe, false);
        } catch (IOException e) {
            throw new JobException(
                    "setting save " + save + " can't be written ("
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
                            + "): give --save a folder that this user may write, on a file system that driver and "
                            + "executors share",
                    e);
        }
    }

    private static Path existing(FileSystem files, Path folder) throws IOException {
        Path path = folder;
        while (!path.isRoot() && !files.exists(path)) {
            path = path.getParent();
        }
        return path;
    }
}
