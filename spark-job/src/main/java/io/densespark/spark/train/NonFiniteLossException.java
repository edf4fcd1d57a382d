package io.densespark.spark.train;

import io.densespark.spark.JobException;
import java.util.List;

/** Training has left the finite numbers. */
final class NonFiniteLossException extends JobException {
    /**
     * @param ranks whose loss it is
     * @param epoch counted from 1
     * @param step of the epoch, counted from 1
     * @param lastCheckpoint name of the newest checkpoint's folder
     */
    NonFiniteLossException(List<Integer> ranks, int epoch, long step, String lastCheckpoint) {
        super("the loss of rank "
                + ranks.stream()
                        .map(String::valueOf)
                        .reduce((a, b) -> a + ", " + b)
                        .orElse("?")
                + " is not a finite number at epoch " + epoch + ", step " + step + "; the last good checkpoint is "
                + lastCheckpoint + ": lower --learning-rate, or check the images");
    }
}
