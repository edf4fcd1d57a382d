package io.densespark.spark;

import org.jspecify.annotations.Nullable;

/**
 * The job can't do what was asked, and trying again without a change won't help. The message names the file or setting
 * and the remedy, in one line; the command line prints it and exits with status 1. PySpark
 * shows of an {@code IllegalArgumentException} its message alone, and of others the JVM's trace.
 */
public class JobException extends IllegalArgumentException {
    public JobException(String message) {
        super(message);
    }

    public JobException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
