package io.densespark.benchmark.cluster;

import java.io.Serializable;
import java.util.List;

/**
 * What a rank reports when it has taken all its steps.
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
record MeasuredRank(
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
        implements Serializable {
    MeasuredRank {
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
