package io.densespark.spark.metrics;

import org.apache.spark.util.AccumulatorV2;

/** Carries the newest {@link Progress} from rank 0 to the driver, with each heartbeat of its executor. */
public final class ProgressAccumulator extends AccumulatorV2<Progress, Progress> {
    // Written by the task's thread, read by the executor's heartbeat thread.
    private volatile Progress latest;

    @Override
    public boolean isZero() {
        return latest == null;
    }

    @Override
    public AccumulatorV2<Progress, Progress> copy() {
        ProgressAccumulator copy = new ProgressAccumulator();
        copy.latest = latest;
        return copy;
    }

    @Override
    public void reset() {
        latest = null;
    }

    @Override
    public void add(Progress progress) {
        latest = progress;
    }

    @Override
    public void merge(AccumulatorV2<Progress, Progress> other) {
        Progress theirs = other.value();
        if (theirs != null && (latest == null || theirs.isNewerThan(latest))) {
            latest = theirs;
        }
    }

    @Override
    public Progress value() {
        return latest;
    }
}
