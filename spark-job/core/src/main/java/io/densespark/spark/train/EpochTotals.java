package io.densespark.spark.train;

import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.replica.BatchResult;
import io.densespark.model.replica.StepOutcome;
import io.densespark.spark.store.EpochProgress;
import io.densespark.spark.store.RankSums;
import java.util.List;
import java.util.stream.IntStream;

/** What one rank has seen and measured in the training steps of one epoch. */
final class EpochTotals {
    BatchResult result = BatchResult.EMPTY;
    long globalImages;
    long steps;
    long allReduceNanos;
    long dataWaitNanos;
    long nanos;

    /** Of an epoch that an earlier attempt has begun. */
    static EpochTotals after(EpochProgress progress, int rank, int worldSize) {
        EpochTotals totals = new EpochTotals();
        if (progress.steps() > 0) {
            RankSums sums = progress.of(rank, worldSize);
            totals.result = new BatchResult(sums.examples(), sums.lossSum(), sums.correct());
            totals.globalImages = sums.globalImages();
            totals.steps = progress.steps();
            totals.allReduceNanos = sums.allReduceNanos();
            totals.dataWaitNanos = sums.dataWaitNanos();
            totals.nanos = sums.nanos();
        }
        return totals;
    }

    /** All ranks' totals after so many steps, known to each. */
    EpochProgress exchange(ProcessGroup group, int journalParts) {
        RankTable table = RankTable.exchange(
                group,
                result.lossSum(),
                result.correct(),
                result.examples(),
                (double) globalImages,
                (double) nanos,
                (double) allReduceNanos,
                (double) dataWaitNanos);
        List<RankSums> ranks = IntStream.range(0, group.worldSize())
                .mapToObj(table::row)
                .map(row -> new RankSums(
                        row[0], (int) row[1], (int) row[2], (long) row[3], (long) row[4], (long) row[5], (long) row[6]))
                .toList();
        return new EpochProgress((int) steps, journalParts, ranks);
    }

    void add(StepOutcome outcome) {
        result = result.plus(outcome.result());
        globalImages += outcome.globalImages();
        steps++;
        allReduceNanos += Math.round(outcome.allReduceSeconds() * 1e9);
    }

    /** Seconds of the steps that this rank did not spend in all-reduces, where it waits for others. */
    double ownSeconds() {
        return (nanos - allReduceNanos) / 1e9;
    }
}
