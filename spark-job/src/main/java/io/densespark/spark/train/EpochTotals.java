package io.densespark.spark.train;

import io.densespark.model.replica.BatchResult;

/** What one rank measured in the training steps of one epoch. */
final class EpochTotals {
    BatchResult result = BatchResult.EMPTY;
    long globalImages;
    long steps;
    long allReduceNanos;
    long dataWaitNanos;
    long nanos;
}
