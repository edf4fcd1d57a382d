package io.densespark.spark.train;

import io.densespark.spark.JobException;

/** Training has left the finite numbers. */
final class NonFiniteLossException extends JobException {
    NonFiniteLossException(String where, String lastCheckpoint) {
        super("the loss is not a finite number at " + where + "; the last good checkpoint is " + lastCheckpoint
                + ": lower --learning-rate, or check the images");
    }
}
