package io.densespark.model.kernels;

import io.densespark.model.tensor.Vector;

/**
 * Statistics of each column over the whole batch of a replica.
 *
 * @param mean {@code [c]} in double
 * @param inverseDeviation {@code [c]} in double: 1/√(biased variance + ε)
 * @param unbiasedVariance {@code [c]} in double: what running statistics take
 */
public record BatchStatistics(Vector mean, Vector inverseDeviation, Vector unbiasedVariance) {
    /** The columns {@code [from, from + count)}. */
    public BatchStatistics slice(int from, int count) {
        return new BatchStatistics(
                mean.slice(from, count), inverseDeviation.slice(from, count), unbiasedVariance.slice(from, count));
    }
}
