package io.densespark.benchmark.cluster;

import io.densespark.spark.metrics.SlowestRank;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What so many replicas gave.
 *
 * @param globalBatch images of a step, all replicas together
 * @param ranks in their order
 * @param step seconds of the steps, each the mean over the ranks
 * @param efficiency images a second of a replica, as a share of what a replica of the row with the fewest replicas does
 */
record ClusterRow(int globalBatch, List<MeasuredRank> ranks, Spread step, double efficiency) {
    ClusterRow {
        ranks = List.copyOf(ranks);
    }

    /** The row of {@code ranks}, whose efficiency is relative to {@code first}; empty for the first row itself. */
    static ClusterRow of(int globalBatch, List<MeasuredRank> ranks, Optional<ClusterRow> first) {
        Spread step = Spread.of(
                steps(ranks).mapToDouble(index -> meanOfStep(ranks, MeasuredRank::steps, index, StepTimes::total)));
        ClusterRow alone = new ClusterRow(globalBatch, ranks, step, 1);
        double efficiency = first.map(row -> alone.imagesPerSecondOfReplica() / row.imagesPerSecondOfReplica())
                .orElse(1.0);
        return new ClusterRow(globalBatch, ranks, step, efficiency);
    }

    int replicas() {
        return ranks.size();
    }

    /** What checkpoints cost each {@code everySteps} steps; nothing where none were written. */
    Optional<CheckpointCost> checkpointCost(int everySteps) {
        if (everySteps == 0) {
            return Optional.empty();
        }
        return Optional.of(CheckpointCost.of(
                everySteps,
                ranks.get(0).checkpointBytes(),
                meanSteps(MeasuredRank::steps),
                meanSteps(MeasuredRank::checkpointed)));
    }

    private double[] meanSteps(Function<MeasuredRank, List<StepTimes>> ofRank) {
        return steps(ranks)
                .mapToDouble(index -> meanOfStep(ranks, ofRank, index, StepTimes::total))
                .toArray();
    }

    /** By the median step. */
    double imagesPerSecond() {
        return globalBatch / step.median();
    }

    private double imagesPerSecondOfReplica() {
        return imagesPerSecond() / replicas();
    }

    /** Mean seconds of a step, over all steps and ranks. */
    double meanStep() {
        return mean(StepTimes::total);
    }

    /** Mean seconds of a phase in a step, over all steps and ranks. */
    double seconds(Phase phase) {
        return mean(times -> times.seconds(phase));
    }

    /** The phase's share of the mean step. */
    double share(Phase phase) {
        return seconds(phase) / meanStep();
    }

    /** Mean seconds that the rank which waited least was in the all-reduce: the sum itself, without waiting for others. */
    double leastAllReduce() {
        return steps(ranks)
                .mapToDouble(index -> ranks.stream()
                        .mapToDouble(rank -> rank.steps().get(index).allReduce())
                        .min()
                        .orElseThrow())
                .average()
                .orElseThrow();
    }

    /** Of the rank that took most. */
    long peakBytes() {
        return ranks.stream().mapToLong(MeasuredRank::peakBytes).max().orElseThrow();
    }

    /** Of the rank whose plan is largest. */
    long plannedBytes() {
        return ranks.stream().mapToLong(MeasuredRank::plannedBytes).max().orElseThrow();
    }

    /** The rank whose own part of a step takes longest; none if there is only one. */
    Optional<MeasuredRank> slowest() {
        return replicas() == 1
                ? Optional.empty()
                : Optional.of(ranks.get(slowestRank().rank()));
    }

    /** How much longer than the median of the others {@link #slowest} takes, as a share of that. */
    double slowerBy() {
        return slowestRank().slowdown() - 1;
    }

    private SlowestRank slowestRank() {
        return SlowestRank.of(
                ranks.stream().mapToDouble(rank -> rank.own().median()).toArray());
    }

    /** All-reduces by size. */
    List<SweepPoint> sweep() {
        return ranks.get(0).sweep();
    }

    private double mean(ToDoubleFunction<StepTimes> value) {
        return steps(ranks)
                .mapToDouble(index -> meanOfStep(ranks, MeasuredRank::steps, index, value))
                .average()
                .orElseThrow();
    }

    private static double meanOfStep(
            List<MeasuredRank> ranks,
            Function<MeasuredRank, List<StepTimes>> ofRank,
            int index,
            ToDoubleFunction<StepTimes> value) {
        return ranks.stream()
                .mapToDouble(rank -> value.applyAsDouble(ofRank.apply(rank).get(index)))
                .average()
                .orElseThrow();
    }

    private static IntStream steps(List<MeasuredRank> ranks) {
        return IntStream.range(0, ranks.get(0).steps().size());
    }
}
