package io.densespark.benchmark.cluster;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/** The smallest and the largest of some numbers, and the quartiles between. */
record Spread(double min, double p25, double median, double p75, double max) {

    /** @throws java.util.NoSuchElementException if there are no values */
    static Spread of(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        return new Spread(
                Arrays.stream(sorted).min().getAsDouble(),
                quantile(sorted, 0.25),
                quantile(sorted, 0.5),
                quantile(sorted, 0.75),
                sorted[sorted.length - 1]);
    }

    /** Between two values, in proportion. */
    private static double quantile(double[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
