package io.densespark.spark.metrics;

import java.io.Serializable;
import org.apache.spark.util.AccumulatorV2;

/**
 * Carries what a rank tells to the driver, with each heartbeat of its executor and with the task's result; on the driver
 * the ranks come together.
 *
 * @param <T> what is shown of it
 */
final class ProgressAccumulator<T> extends AccumulatorV2<RunProgress, T> {
    /** What is shown of a run's progress, which may be {@link RunProgress#NONE}. */
    interface View<T> extends Serializable {
        T of(RunProgress progress);
    }

    private final View<T> view;
    // Written by the task's thread, read by the executor's heartbeat thread.
    private volatile RunProgress latest = RunProgress.NONE;

    ProgressAccumulator(View<T> view) {
        this.view = view;
    }

    @Override
    public boolean isZero() {
        return latest.isEmpty();
    }

    @Override
    public AccumulatorV2<RunProgress, T> copy() {
        ProgressAccumulator<T> copy = new ProgressAccumulator<>(view);
        copy.latest = latest;
        return copy;
    }

    @Override
    public void reset() {
        latest = RunProgress.NONE;
    }

    /** Replaces what this task has told before. */
    @Override
    public void add(RunProgress progress) {
        latest = progress;
    }

    @Override
    public void merge(AccumulatorV2<RunProgress, T> other) {
        latest = latest.merge(((ProgressAccumulator<T>) other).latest);
    }

    @Override
    public T value() {
        return view.of(latest);
    }
}
