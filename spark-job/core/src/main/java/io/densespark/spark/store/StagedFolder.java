package io.densespark.spark.store;

import io.densespark.data.files.Leftovers;
import io.densespark.data.files.PlainFiles;
import io.densespark.model.weights.ModelDescription;
import io.densespark.spark.JobException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A model folder at a place that a user has named: it appears at once, or not at all. It is written beside its place under
 * another name, and renamed when it is complete. What it replaces is moved aside, and back again if that fails.
 */
public final class StagedFolder implements AutoCloseable {
    private final FileSystem files;
    private final Path target;
    private final Path staging;
    private final Path aside;
    private final boolean overwrite;

    private StagedFolder(FileSystem files, Path target, boolean overwrite) {
        this.files = files;
        this.target = target;
        this.overwrite = overwrite;
        staging = Leftovers.writing(target);
        aside = Leftovers.replaced(target);
    }

    /**
     * Looks at what is there, and tidies up after killed writers of this folder: what they had moved aside is put back if its
     * place is empty. Nothing is written yet.
     *
     * @throws JobException if the folder exists and may not be replaced, or a file is there, or a folder with files but without
     *     a model
     */
    public static StagedFolder begin(Path output, boolean overwrite, Configuration conf) throws IOException {
        FileSystem files = PlainFiles.of(output, conf).system();
        tidyUp(files.makeQualified(output), files);
        Path target = OutputPlace.require(output, true, overwrite, files);
        if (files.exists(target)) {
            requireModelOrNothing(files, target);
        }
        return new StagedFolder(files, target, overwrite);
    }

    private static void tidyUp(Path target, FileSystem files) throws IOException {
        if (target.isRoot()) {
            return;
        }
        Leftovers.removeOf(target, files);
        for (Path aside : Leftovers.replacedOf(target, files)) {
            // One that is not needed is one whose deletion was cut off: the new folder is in its place.
            if (files.exists(target)) {
                files.delete(aside, true);
            } else if (!files.rename(aside, target)) {
                throw new JobException("setting output " + target + " was moved to " + aside
                        + " by a command that was killed, and can't be moved back: rename it yourself");
            }
        }
    }

    /** A folder is replaced with all that is in it: a wrong name must not cost anything but a model. */
    private static void requireModelOrNothing(FileSystem files, Path folder) throws IOException {
        if (files.listStatus(folder).length > 0 && !files.exists(new Path(folder, ModelDescription.FILE))) {
            throw new JobException("setting output " + folder + " has files and is no model folder (no "
                    + ModelDescription.FILE + "): give another name, or empty it yourself");
        }
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
