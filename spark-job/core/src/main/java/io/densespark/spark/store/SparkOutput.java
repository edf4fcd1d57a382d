package io.densespark.spark.store;

import io.densespark.data.files.FileSystems;
import io.densespark.spark.JobException;
import java.io.IOException;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A folder, at a place that a user has named, that Spark writes. Tasks write into a hidden folder of it, from which Spark moves
 * their files when all have ended; the folder is complete once Spark has put its {@value #COMPLETE} there, and not before. A job
 * that fails leaves it without files, which is as if it weren't there.
 */
public final class SparkOutput {
    private static final String COMPLETE = "_SUCCESS";
    private static final int DEEPEST = 20;

    private final Path path;

    private SparkOutput(Path path) {
        this.path = path;
    }

    /** A job that writes the folder; Scala doesn't declare what it throws. */
    @FunctionalInterface
    public interface Job {
        void run() throws Exception;
    }

    /**
     * Looks at what is there; nothing is written yet.
     *
     * @throws JobException if the folder exists and may not be replaced, a file is there or above it, or a folder with files that Spark
     *     hasn't written
     */
    public static SparkOutput begin(Path output, boolean overwrite, Configuration conf) throws IOException {
        FileSystem files = FileSystems.of(conf, output);
        boolean isEmpty = isEmpty(output, files);
        Path target = OutputPlace.require(output, true, overwrite || isEmpty, files);
        requireNoFileAbove(target, files);
        // A folder is replaced with all that is in it: a wrong name must not cost anything but such an output.
        if (files.exists(target) && !isEmpty && !files.exists(new Path(target, COMPLETE))) {
            throw new JobException("setting output " + target + " has files and is no complete output of Spark's (no "
                    + COMPLETE + "): give another name, or empty it yourself");
        }
        return new SparkOutput(target);
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

    /** Whether a folder is there without files, but for those that Spark hides in it while it writes. */
    private static boolean isEmpty(Path output, FileSystem files) throws IOException {
        if (!files.exists(output) || !files.getFileStatus(output).isDirectory()) {
            return false;
        }
        return Arrays.stream(files.listStatus(output))
                .map(file -> file.getPath().getName())
                .allMatch(name -> (name.startsWith("_") || name.startsWith(".")) && !name.equals(COMPLETE));
    }

    /** The folder, in full. */
    public Path path() {
        return path;
    }

    /**
     * Runs the job that writes the folder.
     *
     * @throws JobException the one that a task has thrown, if that is why the job failed
     */
    public void write(Job job) {
        try {
            job.run();
        } catch (Exception e) {
            throw ofTask(e);
        }
    }

    private static RuntimeException ofTask(Exception error) {
        Throwable cause = error;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause instanceof JobException known) {
                return new JobException(String.valueOf(known.getMessage()), error);
            }
            cause = cause.getCause();
        }
        return error instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(error);
    }
}
