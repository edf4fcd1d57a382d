package io.densespark.spark;

import io.densespark.data.DataException;
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
        String message = error.getMessage();
        if (isForUsers(error) && message != null) {
            return message;
        }
        StackTraceElement[] trace = error.getStackTrace();
        return error + (trace.length == 0 ? "" : " at " + trace[0]);
    }
}
