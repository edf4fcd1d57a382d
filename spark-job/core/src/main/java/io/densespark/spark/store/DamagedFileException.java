package io.densespark.spark.store;

import io.densespark.spark.JobException;

/** A file is there, but isn't what was written. Reading it again gives the same, so nobody tries. */
public final class DamagedFileException extends JobException {
    public DamagedFileException(String message) {
        super(message);
    }

    public DamagedFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
