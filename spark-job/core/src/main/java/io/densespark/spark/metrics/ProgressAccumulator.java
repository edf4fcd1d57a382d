package io.densespark.spark.metrics;

import java.io.Serializable;
import org.apache.spark.util.AccumulatorV2;
import org.jspecify.annotations.Nullable;

/**
 * Carries what a rank tells to the driver, with each heartbeat of its executor and with the task's result; on the driver
 * the ranks come together.
 *
 * @param <T> what is shown of it
 */
final class ProgressAccumulator<T> extends AccumulatorV2<RunProgress, T> {
    /** What is shown of a run's progress. */
    interface View<T> extends Serializable {
        T of(RunProgress progress);
    }

    private final View<T> view;
    // Written by the task's thread, read by the executor's heartbeat thread. That thread sees the accumulator before
    // its fields are read from the stream, when AccumulatorV2 is: null then must be as good as nothing. An exception
    // would end the executor's heartbeats.
    private volatile @Nullable RunProgress latest;

    ProgressAccumulator(View<T> view) {
        this.view = view;
    }

    @Override
    public boolean isZero() {
        return latest == null;
    }

    @Override
    public AccumulatorV2<RunProgress, T> copy() {
        ProgressAccumulator<T> copy = new ProgressAccumulator<>(view);
        copy.latest = latest;
        return copy;
    }

    @Override
    public void reset() {
        latest = null;
    }

    /** Replaces what this task has told before. */
    @Override
    public void add(RunProgress progress) {
        latest = progress;
    }

    @Override
    public void merge(AccumulatorV2<RunProgress, T> other) {
        RunProgress theirs = ((ProgressAccumulator<T>) other).latest;
        if (theirs != null) {
            latest = latest == null ? theirs : latest.merge(theirs);
        }
    }

    /** Null if no rank has told anything. */
    @Override
    public @Nullable T value() {
        RunProgress told = latest;
        return told == null ? null : view.of(told);
    }
}
