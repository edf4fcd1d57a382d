package io.densespark.spark.train;

import io.densespark.model.replica.BatchResult;
import io.densespark.model.replica.StepOutcome;

/** What one rank measured in the training steps of one epoch. */
final class EpochTotals {
    BatchResult result = BatchResult.EMPTY;
    long globalImages;
    long steps;
    long allReduceNanos;
    long dataWaitNanos;
    long nanos;

    void add(StepOutcome outcome) {
        result = result.plus(outcome.result());
        globalImages += outcome.globalImages();
        steps++;
        allReduceNanos += Math.round(outcome.allReduceSeconds() * 1e9);
    }

    /** Seconds of the steps that this rank did not spend in all-reduces, where it waits for others. */
    double ownSeconds() {
        return (nanos - allReduceNanos) / 1e9;
    }
}
