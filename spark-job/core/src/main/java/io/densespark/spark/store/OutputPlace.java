package io.densespark.spark.store;

import io.densespark.spark.JobException;
import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** What may be at a place that a user has named for an output. */
final class OutputPlace {
    private OutputPlace() {}

    /**
     * Looks at what is there.
     *
     * @return the place in full
     * @throws JobException if something is there that may not be replaced, or is of the other kind, file or folder, or a file
     *     is above it
     */
    static Path require(Path output, boolean isFolder, boolean overwrite, FileSystem files) throws IOException {
        Path target = files.makeQualified(output);
        if (target.isRoot()) {
            throw new JobException("setting output " + target + " is a file system's root: give a name below it");
        }
        requireNoFileAbove(target, files);
        if (files.exists(target)) {
            boolean isDirectory = files.getFileStatus(target).isDirectory();
            if (isDirectory != isFolder) {
                throw new JobException("setting output " + target + " is a " + (isDirectory ? "folder" : "file")
                        + ": name a " + (isFolder ? "folder" : "file") + " that does not exist yet");
            }
            if (!overwrite) {
                throw new JobException(
                        "setting output " + target + " exists: give another name, or --overwrite to replace it");
            }
        }
        return target;
    }

    private static void requireNoFileAbove(Path target, FileSystem files) throws IOException {
        Path above = target.getParent();
        while (above != null && !files.exists(above)) {
            above = above.getParent();
        }
        if (above != null && !files.getFileStatus(above).isDirectory()) {
            throw new JobException(
                    "setting output " + target + " lies below " + above + ", which is a file: give another");
        }
    }
}
