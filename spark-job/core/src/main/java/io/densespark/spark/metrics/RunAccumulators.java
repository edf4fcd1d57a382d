package io.densespark.spark.metrics;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.StageInfo;
import scala.Option;

/**
 * The accumulators of one attempt: one without a name that carries all, and one by name for each {@link Figure}, which
 * Spark's UI shows. They travel to the ranks with their task.
 */
public final class RunAccumulators implements Serializable {
    private final ProgressAccumulator<RunProgress> progress = new ProgressAccumulator<>(run -> run);
    private final List<ProgressAccumulator<String>> figures = new ArrayList<>();

    private RunAccumulators() {}

    /** On the driver: new accumulators, known to Spark. */
    public static RunAccumulators register(SparkContext sc) {
        RunAccumulators accumulators = new RunAccumulators();
        sc.register(accumulators.progress);
        for (Figure figure : Figure.values()) {
            ProgressAccumulator<String> accumulator = new ProgressAccumulator<>(figure);
            sc.register(accumulator, figure.accumulator());
            accumulators.figures.add(accumulator);
        }
        return accumulators;
    }

    /** On an executor, after each step: costs about a microsecond, and nothing is sent before the next heartbeat. */
    public void tell(RankProgress own) {
        RunProgress told = RunProgress.of(own);
        progress.add(told);
        figures.forEach(figure -> figure.add(told));
    }

    /** Whether {@code accumulator} is the id of the one whose values are of type {@link RunProgress}. */
    boolean carries(long accumulator) {
        return progress.id() == accumulator;
    }

    /**
     * Shows the figures at a stage that runs. Spark itself does that only when a task has ended, which here all do at the
     * very end: heartbeats change no more than the task metrics. What is put in here is overwritten then.
     */
    void show(RunProgress run, StageInfo stage) {
        Figure[] all = Figure.values();
        for (int i = 0; i < all.length; i++) {
            ProgressAccumulator<String> figure = figures.get(i);
            stage.accumulables().put(figure.id(), figure.toInfo(Option.empty(), Option.apply(all[i].of(run))));
        }
    }
}
