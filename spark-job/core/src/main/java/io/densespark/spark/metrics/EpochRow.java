package io.densespark.spark.metrics;

import java.io.Serializable;

/**
 * The figures of one epoch, over all replicas.
 *
 * @param epoch counted from 1
 * @param trainLoss mean cross-entropy of the training images, in training mode
 * @param trainError share of training images whose class was wrong, 0 to 1
 * @param validLoss mean cross-entropy of the validation images, in evaluation mode; NaN without any
 * @param validError share of validation images whose class was wrong, 0 to 1; NaN without any
 * @param seconds of the whole epoch, validation included
 * @param trainSeconds of the training steps alone
 * @param imagesPerSecond training images of all replicas by {@code trainSeconds}
 * @param allReduceSeconds in all-reduces of the gradient, mean over the replicas
 * @param dataWaitSeconds waiting for batches, mean over the replicas
 * @param peakBytes peak memory of the largest replica so far
 * @param weightsSha256 digest of the weights, equal on all replicas
 * @param slowestRank for which the others waited in the training steps
 * @param slowdown the time of its own in these steps by the median of the other ranks'; see {@link SlowestRank}
 */
public record EpochRow(
        int epoch,
        double trainLoss,
        double trainError,
        double validLoss,
        double validError,
        double seconds,
        double trainSeconds,
        double imagesPerSecond,
        double allReduceSeconds,
        double dataWaitSeconds,
        long peakBytes,
        String weightsSha256,
        int slowestRank,
        double slowdown)
        implements Serializable {

    /** True if this epoch's model is better than {@code other}'s; later ones win without validation. */
    public boolean isBetterThan(EpochRow other) {
        return Double.isNaN(validError)
                || validError < other.validError
                || (validError == other.validError && validLoss < other.validLoss);
    }
}
