package io.densespark.spark.store;

import io.densespark.model.weights.ModelDescription;
import io.densespark.spark.JobException;
import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * An output that appears at once, or not at all: it is written beside its place under another name, and renamed when it is
 * complete. What it replaces is moved aside, and back again if that fails.
 */
public final class StagedOutput implements AutoCloseable {
    private final FileSystem files;
    private final Path target;
    private final Path staging;
    private final Path aside;
    private final boolean overwrite;

    private StagedOutput(FileSystem files, Path target, boolean overwrite) {
        this.files = files;
        this.target = target;
        this.overwrite = overwrite;
        String name =
                "." + target.getName() + "." + UUID.randomUUID().toString().substring(0, 8);
        this.staging = new Path(target.getParent(), name + ".writing");
        this.aside = new Path(target.getParent(), name + ".replaced");
    }

    /**
     * Looks at what is there; nothing is written yet.
     *
     * @throws JobException if the output exists and may not be replaced, or is of the other kind, file or folder, or is a
     *     folder with files but without a model
     */
    public static StagedOutput begin(Path output, boolean isFolder, boolean overwrite, Configuration conf)
            throws IOException {
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
            if (isFolder) {
                requireModelOrNothing(files, target);
            }
        }
        return new StagedOutput(files, target, overwrite);
    }

    /** A folder is replaced with all that is in it: a wrong name must not cost anything but a model. */
    private static void requireModelOrNothing(FileSystem files, Path folder) throws IOException {
        if (files.listStatus(folder).length > 0 && !files.exists(new Path(folder, ModelDescription.FILE))) {
            throw new JobException("setting output " + folder + " has files and is no model folder (no "
                    + ModelDescription.FILE + "): give another name, or empty it yourself");
        }
    }

    public Path target() {
        return target;
    }

    /** Where to write. */
    public Path staging() {
        return staging;
    }

    /**
     * Puts what was written in its place.
     *
     * @throws JobException if something has appeared there meanwhile, or the file system refuses. What was there before is
     *     there still, or the message tells where it is.
     */
    public void commit() throws IOException {
        if (!overwrite || !files.exists(target)) {
            place();
            return;
        }
        if (!files.rename(target, aside)) {
            throw new JobException("setting output " + target + " can't be replaced: check your permissions");
        }
        try {
            place();
        } catch (IOException | RuntimeException e) {
            putBack(e);
            throw e;
        }
        if (!files.delete(aside, true)) {
            throw new JobException("the new " + target + " is complete, but the old one, now " + aside
                    + ", can't be deleted: delete it yourself");
        }
    }

    private void place() throws IOException {
        // A rename onto a folder would move into it.
        if (files.exists(target)) {
            throw new JobException("setting output " + target + " has appeared meanwhile: give another name");
        }
        if (!files.rename(staging, target)) {
            throw new JobException("setting output " + target + " can't be made: check your permissions");
        }
    }

    private void putBack(Exception cause) {
        boolean isBack = false;
        try {
            isBack = !files.exists(target) && files.rename(aside, target);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        if (!isBack) {
            throw new JobException(
                    "setting output " + target + " can't be replaced (" + cause.getMessage()
                            + "), and what it was is now " + aside + ": rename it yourself",
                    cause);
        }
    }

    /** Takes away what wasn't committed. */
    @Override
    public void close() throws IOException {
        files.delete(staging, true);
    }
}
