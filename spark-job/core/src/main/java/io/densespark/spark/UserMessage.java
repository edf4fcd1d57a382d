package io.densespark.spark;

import io.densespark.data.DataException;
import io.densespark.data.files.Obstacle;
import io.densespark.model.ModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a user reads of an error. {@code model} and {@code data-prep} say what is wrong; here the remedy is put into the
 * words of this job, its options and Spark's settings. So are errors of file systems, which come as they are from
 * wherever a file is touched.
 */
public final class UserMessage {
    private UserMessage() {}

    /** Whether the error is one that a user can mend, so that its message says all. */
    public static boolean isForUsers(Throwable error) {
        return find(error).isPresent();
    }

    /** One line: what is wrong and what to do; of an error that nobody foresaw, what it is and where it came from. */
    public static String of(Throwable error) {
        StackTraceElement[] trace = error.getStackTrace();
        String words = find(error).orElseGet(() -> error + (trace.length == 0 ? "" : " at " + trace[0]));
        return words.lines().map(String::strip).collect(Collectors.joining(" "));
    }

    private static Optional<String> find(Throwable error) {
        if (error instanceof JobException || error instanceof ModelException || error instanceof DataException) {
            return Optional.of(ModuleMessage.find(error).orElseGet(() -> String.valueOf(error.getMessage())));
        }
        return FileSystemMessage.find(error).map(words -> "a file can't be read or written: " + words);
    }

    /** What callers from code get of an error of a file system: in words for users, if there are any. */
    public static RuntimeException unchecked(IOException error) {
        return isForUsers(error) ? new JobException(of(error), error) : new UncheckedIOException(error);
    }

    /**
     * The error of a place that a user named and that can't be used.
     *
     * @param option that named it, with its dashes
     * @param error that tells why: whatever its file system threw
     */
    public static JobException wrongPlace(String option, String place, Throwable error) {
        String words = FileSystemMessage.find(error)
                .orElseGet(() -> "it can't be used (" + Obstacle.reason(error)
                        + "): give a path or a URI, such as hdfs:///user/me/x or file:///home/me/x");
        return new JobException(option + " " + place + ": " + words, error);
    }

    /**
     * The error with which Spark didn't start.
     *
     * @param master that it was to run on
     * @return empty if nobody foresaw it
     */
    public static Optional<JobException> sparkDoesNotStart(String master, Throwable error) {
        if (SparkMessage.isOfStoppedContext(error)) {
            return Optional.of(sparkHasStopped(master, error));
        }
        return SparkMessage.ofStart(error)
                .map(words -> new JobException(
                        "Spark can't start with its settings (--master, --conf, spark-defaults.conf): " + words,
                        error));
    }

    /**
     * The error of a job whose Spark stopped before its end, other than by the job itself.
     *
     * @param error that the job met then
     */
    public static JobException sparkHasStopped(String master, Throwable error) {
        return new JobException(
                "Spark has given up: its master " + master
                        + " can't be reached, or has removed this job; check --master, the master's log and the "
                        + "executors' logs",
                error);
    }
}
