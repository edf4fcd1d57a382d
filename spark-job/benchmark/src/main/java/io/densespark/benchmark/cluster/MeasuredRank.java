package io.densespark.benchmark.cluster;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a rank reports when it has taken all its steps.
 *
 * @param executor Spark's id of its process
 * @param device on which its replica lay
 * @param workers threads of its replica
 * @param recompute level at which it ran
 * @param plannedBytes total of its memory plan
 * @param peakBytes its share of the most memory that its process took beyond what it had before its first replica
 * @param steps the timed ones, without checkpoints
 * @param checkpointed as many in blocks that begin with one; none where none were asked for
 * @param checkpointBytes of a checkpoint, if this rank writes them
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
        List<StepTimes> checkpointed,
        long checkpointBytes,
        List<SweepPoint> sweep)
        implements Serializable {
    MeasuredRank {
        steps = List.copyOf(steps);
        checkpointed = List.copyOf(checkpointed);
        sweep = List.copyOf(sweep);
    }

    /** With the steps of a later round behind its own; all else but the memory that was taken is the later one's. */
    MeasuredRank and(MeasuredRank later) {
        return new MeasuredRank(
                later.rank,
                later.executor,
                later.host,
                later.device,
                later.workers,
                later.recompute,
                later.plannedBytes,
                Math.max(peakBytes, later.peakBytes),
                joined(steps, later.steps),
                joined(checkpointed, later.checkpointed),
                later.checkpointBytes,
                later.sweep);
    }

    private static List<StepTimes> joined(List<StepTimes> first, List<StepTimes> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
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
