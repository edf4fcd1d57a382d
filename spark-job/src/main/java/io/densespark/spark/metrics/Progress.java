package io.densespark.spark.metrics;

import java.io.Serializable;
import java.util.List;

/**
 * Where a run stands, as rank 0 sees it.
 *
 * @param epoch being trained, counted from 1
 * @param step finished in this epoch
 * @param steps of an epoch
 * @param loss mean cross-entropy of rank 0's images in the last step
 * @param imagesPerSecond training images of all replicas in this epoch so far, by its seconds so far
 * @param finished the epochs that this attempt has finished
 */
public record Progress(int epoch, int step, int steps, double loss, double imagesPerSecond, List<EpochRow> finished)
        implements Serializable {
    public Progress {
        finished = List.copyOf(finished);
    }

    boolean isNewerThan(Progress other) {
        return epoch > other.epoch || (epoch == other.epoch && step >= other.step);
    }
}
