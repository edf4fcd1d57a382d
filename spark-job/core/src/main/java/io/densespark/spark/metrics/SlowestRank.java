package io.densespark.spark.metrics;

import java.util.stream.IntStream;

/**
 * The rank that the others wait for. All ranks end a step together, so what tells them apart is the time of their own: a
 * step without its all-reduce, in which the faster ranks wait.
 *
 * @param rank with the longest time of its own
 * @param slowdown that time by the median of the other ranks' times; 1 for a rank that trains alone
 */
public record SlowestRank(int rank, double slowdown) {

    /**
     * Finds it; of equals, the first.
     *
     * @param ownSeconds of each rank, over the same steps; at least one rank
     */
    public static SlowestRank of(double... ownSeconds) {
        int slowest = IntStream.range(0, ownSeconds.length)
                .reduce((a, b) -> ownSeconds[b] > ownSeconds[a] ? b : a)
                .orElseThrow();
        return new SlowestRank(slowest, slowdown(slowest, ownSeconds));
    }

    /** The time of {@code rank} by the median of the other ranks' times, or 1 if there is nothing to compare. */
    static double slowdown(int rank, double... ownSeconds) {
        double[] others = IntStream.range(0, ownSeconds.length)
                .filter(other -> other != rank)
                .mapToDouble(other -> ownSeconds[other])
                .sorted()
                .toArray();
        double median = median(others);
        return median > 0 ? ownSeconds[rank] / median : 1;
    }

    private static double median(double[] sorted) {
        int length = sorted.length;
        return length == 0 ? 0 : (sorted[(length - 1) / 2] + sorted[length / 2]) / 2;
    }
}
