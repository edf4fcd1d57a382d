package io.densespark.spark.train;

import io.densespark.spark.JobException;
import java.util.List;
import java.util.Optional;

/** Training has left the finite numbers. */
final class NonFiniteLossException extends JobException {
    /**
     * The last step of an epoch can spoil the weights after its own loss was still a number.
     *
     * @param what isn't finite, with its verb
     * @param when after what, for people
     * @param lastCheckpoint name of the newest checkpoint's folder, if there is one
     */
    NonFiniteLossException(String what, String when, Optional<String> lastCheckpoint) {
        super(what + " not finite after " + when + remedy(lastCheckpoint));
    }

    /**
     * @param ranks whose loss it is
     * @param epoch counted from 1
     * @param step of the epoch, counted from 1
     * @param lastCheckpoint name of the newest checkpoint's folder, if there is one
     */
    NonFiniteLossException(List<Integer> ranks, int epoch, long step, Optional<String> lastCheckpoint) {
        super("the loss of " + (ranks.size() == 1 ? "rank " : "ranks ")
                + ranks.stream()
                        .map(String::valueOf)
                        .reduce((a, b) -> a + ", " + b)
                        .orElse("?")
                + " is not a finite number at epoch " + epoch + ", step " + step + remedy(lastCheckpoint));
    }

    private static String remedy(Optional<String> lastCheckpoint) {
        return lastCheckpoint
                        .map(name -> "; the last good checkpoint is " + name)
                        .orElse("; there is no checkpoint yet")
                + ": lower --learning-rate, or check the images";
    }
}
