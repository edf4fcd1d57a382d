package io.densespark.spark;

import io.densespark.data.DataException;
import io.densespark.data.batch.SplitTooLargeException;
import io.densespark.data.source.ImageSizesDifferException;
import io.densespark.data.source.SeveralSetsException;
import io.densespark.model.ModelException;

/**
 * What a user reads of an error. {@code model} and {@code data-prep} say what is wrong; here the remedy is put into the
 * words of this job, its options and Spark's settings.
 */
public final class UserMessage {
    private UserMessage() {}

    /** Whether the error is one that a user can mend, so that its message says all. */
    public static boolean isForUsers(Throwable error) {
        return error instanceof JobException || error instanceof ModelException || error instanceof DataException;
    }

    /** One line: what is wrong and what to do; of an error that nobody foresaw, what it is and where it came from. */
    public static String of(Throwable error) {
        if (error instanceof ImageSizesDifferException sizes) {
            return sizes.facts() + ": give --image-size N to scale them and cut their central N x N";
        }
        if (error instanceof SeveralSetsException sets) {
            return sets.facts() + ": give --set with the one to take, or --input with a folder that has one only";
        }
        if (error instanceof SplitTooLargeException split) {
            return split.facts() + ": raise spark.executor.memory (on a local master spark.driver.memory) by "
                    + split.missingMebibytes() + "m or more";
        }
        if (isForUsers(error)) {
            return error.getMessage();
        }
        StackTraceElement[] trace = error.getStackTrace();
        return error + (trace.length == 0 ? "" : " at " + trace[0]);
    }
}
