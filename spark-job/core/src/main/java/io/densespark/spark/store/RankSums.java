package io.densespark.spark.store;

/**
 * What one rank has seen and measured in the steps of an epoch so far.
 *
 * @param lossSum of its images' cross-entropies
 * @param correct images whose class was right
 * @param examples images
 * @param globalImages of all ranks together
 * @param nanos from the epoch's begin, whatever attempts it took
 * @param allReduceNanos of these in all-reduces
 * @param dataWaitNanos of these waiting for batches
 */
public record RankSums(
        double lossSum,
        int correct,
        int examples,
        long globalImages,
        long nanos,
        long allReduceNanos,
        long dataWaitNanos) {
    /** @throws IllegalArgumentException if one is negative, or no number */
    public RankSums {
        if (!(lossSum >= 0)
                || correct < 0
                || examples < correct
                || globalImages < examples
                || nanos < 0
                || allReduceNanos < 0
                || dataWaitNanos < 0) {
            throw new IllegalArgumentException("sums that can't be: " + lossSum + ", " + correct + " of " + examples
                    + " of " + globalImages + ", " + nanos + ", " + allReduceNanos + ", " + dataWaitNanos);
        }
    }
}
