package io.densespark.spark.metrics;

import java.io.Serializable;
import java.util.List;

/**
 * Where one rank stands.
 *
 * @param rank whose figures these are
 * @param host of its executor, by Spark's name
 * @param epoch being trained, counted from 1
 * @param epochs of the whole run
 * @param step finished in this epoch
 * @param steps of an epoch
 * @param lossSum of the cross-entropies of its images in the last step
 * @param examples its images in the last step
 * @param images training images of all replicas in this epoch so far
 * @param seconds of this epoch's steps so far
 * @param allReduceSeconds of these in all-reduces of the gradient, which is mostly waiting for slower ranks
 * @param attemptSteps finished in this attempt
 * @param ownSeconds of this attempt's steps that it did not spend in all-reduces
 * @param finished the epochs that this attempt has finished; rank 0 tells for all
 */
public record RankProgress(
        int rank,
        String host,
        int epoch,
        int epochs,
        int step,
        int steps,
        double lossSum,
        int examples,
        long images,
        double seconds,
        double allReduceSeconds,
        long attemptSteps,
        double ownSeconds,
        List<EpochRow> finished)
        implements Serializable {
    public RankProgress {
        finished = List.copyOf(finished);
    }

    boolean isNewerThan(RankProgress other) {
        return epoch > other.epoch || (epoch == other.epoch && step >= other.step);
    }
}
