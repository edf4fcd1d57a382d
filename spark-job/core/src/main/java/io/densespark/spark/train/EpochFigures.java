package io.densespark.spark.train;

import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.replica.BatchResult;
import io.densespark.spark.metrics.EpochRow;
import io.densespark.spark.metrics.SlowestRank;
import java.util.stream.IntStream;

/** The row of an epoch, of what all ranks have measured; each rank makes the same one. */
final class EpochFigures {
    private EpochFigures() {}

    /**
     * Exchanges the ranks' figures.
     *
     * @param epoch its number, from 0
     * @param training what this rank measured
     * @param validation of this rank's share of the validation images
     * @param peakBytes of this rank
     * @param digest of the weights, which all ranks share
     * @param start of the epoch, by {@link System#nanoTime}
     */
    static EpochRow exchange(
            ProcessGroup group,
            int epoch,
            EpochTotals training,
            BatchResult validation,
            long peakBytes,
            String digest,
            long start) {
        BatchResult result = training.result;
        RankTable all = RankTable.exchange(
                group,
                result.lossSum(),
                result.correct(),
                result.examples(),
                validation.lossSum(),
                validation.correct(),
                validation.examples(),
                training.nanos / 1e9,
                training.allReduceNanos / 1e9,
                training.dataWaitNanos / 1e9,
                (double) peakBytes);
        double trainSeconds = all.max(6);
        SlowestRank slowest = SlowestRank.of(IntStream.range(0, group.worldSize())
                .mapToDouble(rank -> all.row(rank)[6] - all.row(rank)[7])
                .toArray());
        return new EpochRow(
                epoch + 1,
                all.sum(0) / all.sum(2),
                1 - all.sum(1) / all.sum(2),
                all.sum(3) / all.sum(5),
                1 - all.sum(4) / all.sum(5),
                (System.nanoTime() - start) / 1e9,
                trainSeconds,
                all.sum(2) / trainSeconds,
                all.mean(7),
                all.mean(8),
                (long) all.max(9),
                digest,
                slowest.rank(),
                slowest.slowdown());
    }
}
