package io.densespark.spark.store;

import io.densespark.data.files.Causes;
import io.densespark.data.files.FileSystems;
import io.densespark.spark.JobException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A folder, at a place that a user has named, that Spark writes. Tasks write into a hidden folder of it, from which Spark moves
 * their files when all have ended; the folder is complete once Spark has put its {@value #COMPLETE} there, and not before. A job
 * that fails leaves it without files, which is as if it weren't there; if it wasn't there before, it is removed.
 */
public final class SparkOutput {
    private static final String COMPLETE = "_SUCCESS";

    private final Path path;
    private final FileSystem files;
    private final boolean isNew;

    private SparkOutput(Path path, FileSystem files) throws IOException {
        this.path = path;
        this.files = files;
        isNew = !files.exists(path);
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
        // A folder is replaced with all that is in it: a wrong name must not cost anything but such an output.
        if (files.exists(target) && !isEmpty && !files.exists(new Path(target, COMPLETE))) {
            throw new JobException("setting output " + target + " has files and is no complete output of Spark's (no "
                    + COMPLETE + "): give another name, or empty it yourself");
        }
        return new SparkOutput(target, files);
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
     * Runs the job that writes the folder; if it fails, a folder that wasn't there before isn't there afterwards.
     *
     * @throws JobException the one that a task has thrown, if that is why the job failed; or with Spark's reason, if it gave the
     *     job up
     */
    public void write(Job job) {
        try {
            job.run();
        } catch (Exception e) {
            RuntimeException failure = ofTask(e);
            try {
                if (isNew && isEmpty(path, files)) {
                    files.delete(path, true);
                }
            } catch (IOException empty) {
                failure.addSuppressed(empty);
            }
            throw failure;
        }
    }

    private static RuntimeException ofTask(Exception error) {
        Optional<Throwable> known =
                Causes.of(error).filter(JobException.class::isInstance).findFirst();
        if (known.isPresent()) {
            return new JobException(String.valueOf(known.get().getMessage()), error);
        }
        return SparkFailure.reason(error)
                .<RuntimeException>map(words -> new JobException(words, error))
                .orElseGet(() ->
                        error instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(error));
    }
}
