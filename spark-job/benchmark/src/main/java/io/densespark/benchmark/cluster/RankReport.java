package io.densespark.benchmark.cluster;

import java.io.Serializable;
import java.util.List;

/** How a rank of the benchmark ended. */
sealed interface RankReport extends Serializable {
    /**
     * The rank has taken all its steps.
     *
     * @param executor Spark's id of its process
     * @param device on which its replica lay
     * @param workers threads of its replica
     * @param recompute level at which it ran
     * @param plannedBytes total of its memory plan
     * @param peakBytes its share of the most memory that its process took beyond what it had before its first replica
     * @param steps the timed ones
     * @param sweep all-reduces by size; the same on all ranks, none for a single one
     */
    record Measured(
            int rank,
            String executor,
            HostFacts host,
            String device,
            int workers,
            String recompute,
            long plannedBytes,
            long peakBytes,
            List<StepTimes> steps,
            List<SweepPoint> sweep)
            implements RankReport {
        public Measured {
            steps = List.copyOf(steps);
            sweep = List.copyOf(sweep);
        }

        /** What a step of this rank takes without waiting for others, in seconds. */
        Spread own() {
            return Spread.of(steps.stream().mapToDouble(StepTimes::own));
        }

        /** The rank in words. */
        String name() {
            return "rank " + rank + " (executor " + executor + " on " + host.name() + ")";
        }
    }

    /**
     * The benchmark can't be run, however often it is tried.
     *
     * @param rank that found out
     * @param message for the user
     */
    record Failed(int rank, String message) implements RankReport {}
}
