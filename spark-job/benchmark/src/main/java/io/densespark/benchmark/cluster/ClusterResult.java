package io.densespark.benchmark.cluster;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ClusterRow} with what it was measured at, as the JSON file has it: the components' names are its keys. Times are
 * seconds, sizes bytes, bandwidths bytes a second.
 *
 * @param stepSeconds with a key for each of its components, as {@code step_seconds_median}
 * @param shares of the mean step, with a key for each {@link Phase}, as {@code forward_share}
 * @param seconds means, with a key for each phase, as {@code forward_seconds}
 * @param checkpointCost null if no checkpoints were written
 * @param slowestRank null if there is only one
 */
record ClusterResult(
        int replicas,
        String scaling,
        String network,
        int imageSize,
        int globalBatch,
        String recompute,
        String device,
        int workers,
        double imagesPerSecond,
        double efficiency,
        @JsonUnwrapped(prefix = "step_seconds_") Spread stepSeconds,
        double stepSecondsMean,
        @JsonUnwrapped(suffix = "_share") StepTimes shares,
        @JsonUnwrapped(suffix = "_seconds") StepTimes seconds,
        double allReduceSecondsWithoutWaiting,
        long plannedBytes,
        long peakBytes,
        @Nullable CheckpointCost checkpointCost,
        @Nullable SlowestRank slowestRank,
        List<Rank> ranks,
        List<AllReduce> allReduce) {

    /** @param ownSecondsMedian median of its steps without the all-reduce */
    record Rank(int rank, String executor, String host, String device, double ownSecondsMedian, long peakBytes) {
        static Rank of(MeasuredRank rank) {
            return new Rank(
                    rank.rank(),
                    rank.executor(),
                    rank.host().name(),
                    rank.device(),
                    rank.own().median(),
                    rank.peakBytes());
        }
    }

    /** @param slowerBy how much longer than the median of the others it takes, as a share of that */
    record SlowestRank(@JsonUnwrapped Rank rank, double slowerBy) {}

    record AllReduce(long bytes, double seconds, double algorithmBandwidth, double busBandwidth) {}

    static ClusterResult of(ClusterBenchmarkSettings settings, ClusterRow row) {
        MeasuredRank first = row.ranks().get(0);
        return new ClusterResult(
                row.replicas(),
                settings.scaling().name().toLowerCase(Locale.ROOT),
                settings.network(),
                settings.imageSize(),
                row.globalBatch(),
                first.recompute(),
                first.device(),
                first.workers(),
                row.imagesPerSecond(),
                row.efficiency(),
                row.step(),
                row.meanStep(),
                StepTimes.of(row::share),
                StepTimes.of(row::seconds),
                row.leastAllReduce(),
                row.plannedBytes(),
                row.peakBytes(),
                row.checkpointCost(settings.checkpointSteps()).orElse(null),
                row.slowest()
                        .map(slowest -> new SlowestRank(Rank.of(slowest), row.slowerBy()))
                        .orElse(null),
                row.ranks().stream().map(Rank::of).toList(),
                row.sweep().stream()
                        .map(point -> new AllReduce(
                                point.bytes(),
                                point.seconds(),
                                point.algorithmBandwidth(),
                                point.busBandwidth(row.replicas())))
                        .toList());
    }
}
