package io.densespark.spark.store;

import io.densespark.data.files.Obstacle;
import io.densespark.data.files.PlainFiles;
import io.densespark.data.files.StagedFile;
import io.densespark.spark.JobException;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The folder that a run leaves its files in. */
public final class SaveFolder {
    private SaveFolder() {}

    /**
     * Finds out before the work whether a run can leave its files there; nothing is left.
     *
     * @param folders names of the folders that the run makes
     * @param files names of its files
     * @throws JobException if they can't be written, or something else is in the place of one
     */
    public static void require(Path save, List<String> folders, List<String> files, Configuration conf) {
        try {
            if (save.isRoot()) {
                throw new JobException("setting save " + save + " is a file system's root: give a name below it");
            }
            StagedFile.requireWritable(save, conf);
            FileSystem system = PlainFiles.of(save, conf).system();
            for (String folder : folders) {
                requireKind(new Path(save, folder), true, system);
            }
            for (String file : files) {
                requireKind(new Path(save, file), false, system);
            }
        } catch (IOException e) {
            throw new JobException(
                    "setting save " + save + " can't be written (" + Obstacle.reason(e)
                            + "): give --save a folder that this user may write, on a file system that driver and "
                            + "executors share",
                    e);
        }
    }

    private static void requireKind(Path path, boolean isFolder, FileSystem files) throws IOException {
        if (files.exists(path) && files.getFileStatus(path).isDirectory() != isFolder) {
            throw new JobException(path + " is a " + (isFolder ? "file" : "folder") + ", and a run makes a "
                    + (isFolder ? "folder" : "file") + " of that name: move it away, or give another --save");
        }
    }
}
