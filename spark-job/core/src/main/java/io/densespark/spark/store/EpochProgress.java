package io.densespark.spark.store;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How far an epoch has come that isn't over.
 *
 * @param steps global batches that have been learnt from, the first of the epoch's order; 0 between epochs
 * @param journalParts files of its steps' figures so far
 * @param ranks what each rank has seen, by rank; none between epochs
 */
public record EpochProgress(int steps, int journalParts, List<RankSums> ranks) {
    /** Between two epochs. */
    public static final EpochProgress NONE = new EpochProgress(0, 0, List.of());

    /** @throws IllegalArgumentException if there are sums of no steps, or steps without sums */
    public EpochProgress {
        ranks = List.copyOf(ranks);
        if (steps < 0 || journalParts < 0 || (steps == 0) != ranks.isEmpty()) {
            throw new IllegalArgumentException(steps + " steps of an epoch with " + journalParts + " parts and sums of "
                    + ranks.size() + " ranks");
        }
    }

    /**
     * What a rank goes on from: its own sums, or where there were more or fewer ranks, its part of all of them. Images are
     * shared out in whole ones; each rank has taken as long as the slowest.
     */
    public RankSums of(int rank, int worldSize) {
        if (ranks.size() == worldSize) {
            return ranks.get(rank);
        }
        int correct = part(ranks.stream().mapToInt(RankSums::correct).sum(), rank, worldSize);
        int wrong = part(
                ranks.stream()
                        .mapToInt(sums -> sums.examples() - sums.correct())
                        .sum(),
                rank,
                worldSize);
        return new RankSums(
                ranks.stream().mapToDouble(RankSums::lossSum).sum() / worldSize,
                correct,
                correct + wrong,
                ranks.get(0).globalImages(),
                ranks.stream().mapToLong(RankSums::nanos).max().orElseThrow(),
                (long) ranks.stream()
                        .mapToLong(RankSums::allReduceNanos)
                        .average()
                        .orElseThrow(),
                (long) ranks.stream()
                        .mapToLong(RankSums::dataWaitNanos)
                        .average()
                        .orElseThrow());
    }

    private static int part(int all, int rank, int worldSize) {
        return (int) ((long) all * (rank + 1) / worldSize - (long) all * rank / worldSize);
    }

    /** What each rank's running statistics weigh where they are made one: its part of the images. */
    public double[] weights() {
        double all = ranks.stream().mapToInt(RankSums::examples).sum();
        return IntStream.range(0, ranks.size())
                .mapToDouble(rank -> ranks.get(rank).examples() / all)
                .toArray();
    }
}
