package io.densespark.spark.exchange;

import io.densespark.spark.JobException;
import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * An output that appears at once, or not at all: it is written beside its place under another name, and renamed when it is
 * complete.
 */
final class StagedOutput implements AutoCloseable {
    private final FileSystem files;
    private final Path target;
    private final Path staging;
    private final boolean overwrite;

    private StagedOutput(FileSystem files, Path target, boolean overwrite) {
        this.files = files;
        this.target = target;
        this.overwrite = overwrite;
        this.staging = new Path(
                target.getParent(),
                "." + target.getName() + "." + UUID.randomUUID().toString().substring(0, 8) + ".writing");
    }

    /**
     * Looks at what is there; nothing is written yet.
     *
     * @throws JobException if the output exists and may not be replaced, or is of the other kind, file or folder
     */
    static StagedOutput begin(Path output, boolean isFolder, boolean overwrite, Configuration conf) throws IOException {
        FileSystem files = output.getFileSystem(conf);
        Path target = files.makeQualified(output);
        if (target.isRoot()) {
            throw new JobException("setting output " + target + " is a file system's root: give a name below it");
        }
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
        return new StagedOutput(files, target, overwrite);
    }

    Path target() {
        return target;
    }

    /** Where to write. */
    Path staging() {
        return staging;
    }

    /**
     * Puts what was written in its place.
     *
     * @throws JobException if something has appeared there meanwhile
     */
    void commit() throws IOException {
        if (overwrite) {
            files.delete(target, true);
        }
        // A rename onto a folder would move into it.
        if (files.exists(target) || !files.rename(staging, target)) {
            throw new JobException("setting output " + target + " has appeared meanwhile: give another name");
        }
    }

    /** Takes away what wasn't committed. */
    @Override
    public void close() throws IOException {
        files.delete(staging, true);
    }
}
