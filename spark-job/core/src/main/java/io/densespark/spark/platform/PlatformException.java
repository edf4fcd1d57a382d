package io.densespark.spark.platform;

import io.densespark.spark.JobException;

/** This machine cannot run libtorch as it is; the message names the remedy. Another attempt here meets it again. */
public final class PlatformException extends JobException {

    PlatformException(String message) {
        super(message);
    }

    PlatformException(String message, Throwable cause) {
        super(message, cause);
    }
}
