package io.densespark.spark.metrics;

import java.util.List;

/** Hand-made figures of ranks. */
final class Ranks {
    private Ranks() {}

    /** A rank in an epoch of ten steps of three epochs, 100 images a step of all, one second a step. */
    static RankProgress at(int rank, int epoch, int step, double lossSum, int examples, EpochRow... finished) {
        return new RankProgress(
                rank,
                "host-" + rank,
                epoch,
                3,
                step,
                10,
                lossSum,
                examples,
                100L * step,
                step,
                step * 0.25 * rank,
                10L * (epoch - 1) + step,
                step,
                List.of(finished));
    }

    /** A rank after {@code attemptSteps} steps, which took it {@code ownSeconds} without the all-reduces. */
    static RankProgress after(int rank, long attemptSteps, double ownSeconds) {
        return new RankProgress(
                rank,
                "host-" + rank,
                1,
                1,
                (int) attemptSteps,
                1000,
                1,
                1,
                attemptSteps,
                2 * ownSeconds,
                ownSeconds,
                attemptSteps,
                ownSeconds,
                List.of());
    }

    static RunProgress run(RankProgress... ranks) {
        RunProgress run = RunProgress.NONE;
        for (RankProgress rank : ranks) {
            run = run.merge(RunProgress.of(rank));
        }
        return run;
    }
}
