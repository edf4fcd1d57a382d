package io.densespark.data.batch;

import io.densespark.data.augment.SplitMix64;

/**
 * The order in which an epoch takes its examples: the same whatever the number of ranks.
 *
 * <p>A Fisher–Yates shuffle from the last position to the first, with numbers from {@link SplitMix64} keyed by (1, seed,
 * epoch).
 */
public final class EpochOrder {
    /** First key of each use of random numbers, so that no two uses share a stream. */
    private static final long EPOCH_STREAM = 1;

    private static final long RANK_STREAM = 4;

    private EpochOrder() {}

    /** A new array with the {@code indices} in the order of this epoch. */
    public static int[] permutation(long seed, int epoch, int[] indices) {
        return shuffled(indices, new SplitMix64(EPOCH_STREAM, seed, epoch));
    }

    /** The order of one rank's own images, where no rank holds all: keyed by (4, seed, epoch, rank). */
    public static int[] permutation(long seed, int epoch, int rank, int[] indices) {
        return shuffled(indices, new SplitMix64(RANK_STREAM, seed, epoch, rank));
    }

    static int[] shuffled(int[] indices, SplitMix64 random) {
        int[] order = indices.clone();
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int taken = order[i];
            order[i] = order[j];
            order[j] = taken;
        }
        return order;
    }
}
