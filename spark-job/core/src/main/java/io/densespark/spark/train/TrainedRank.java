package io.densespark.spark.train;

import io.densespark.data.batch.Normalization;
import io.densespark.spark.metrics.EpochRow;
import java.io.Serializable;
import java.util.List;

/**
 * What a rank reports when it has trained to the end, or was stopped.
 *
 * @param host of its executor, by Spark's name
 * @param device on which its replica lay
 * @param precision of its products
 * @param recompute level at which it ran
 * @param steps that it took part in, in this attempt
 * @param allReduceBytes of gradients that it gave to all-reduces, in this attempt
 * @param peakBytes on CPU its part of what its process took beyond what was resident before the replica was made, on a GPU
 *     what is in use of its memory
 * @param seconds from the first step of this attempt to the end of its last epoch
 * @param ownSeconds of this attempt's steps, without their all-reduces
 * @param normalization of the images, the same for all ranks
 * @param rows of the epochs of this attempt
 * @param isStopped whether training was stopped, after a checkpoint, before its end
 * @param isToldToEnd whether that was because this rank's process was told to end
 */
record TrainedRank(
        int rank,
        String executor,
        String host,
        long pid,
        String device,
        String precision,
        String recompute,
        long steps,
        long allReduceBytes,
        long peakBytes,
        String weightsSha256,
        double seconds,
        double ownSeconds,
        Normalization normalization,
        List<EpochRow> rows,
        boolean isStopped,
        boolean isToldToEnd)
        implements Serializable {
    TrainedRank {
        rows = List.copyOf(rows);
    }
}
