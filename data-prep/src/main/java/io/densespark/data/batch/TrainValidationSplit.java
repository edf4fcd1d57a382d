package io.densespark.data.batch;

import io.densespark.data.DataException;
import io.densespark.data.augment.SplitMix64;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/** Which images of the train split to learn from, and which to keep for validation: chosen by a seed. */
public final class TrainValidationSplit {
    private static final long SPLIT_STREAM = 2;

    private final int[] train;
    private final int[] validation;

    private TrainValidationSplit(int[] train, int[] validation) {
        this.train = train;
        this.validation = validation;
    }

    /**
     * Takes {@code validSize} of {@code count} images for validation: the last ones of a shuffle keyed by (2, seed).
     *
     * @throws DataException if {@code validSize} is negative, or leaves nothing to train on
     */
    public static TrainValidationSplit of(int count, int validSize, long seed) {
        requireSize(count, validSize);
        int[] shuffled = EpochOrder.shuffled(IntStream.range(0, count).toArray(), new SplitMix64(SPLIT_STREAM, seed));
        return new TrainValidationSplit(
                sorted(shuffled, 0, count - validSize), sorted(shuffled, count - validSize, count));
    }

    /** Takes these of {@code count} images for validation. */
    static TrainValidationSplit of(int count, BitSet validation) {
        return new TrainValidationSplit(
                IntStream.range(0, count)
                        .filter(image -> !validation.get(image))
                        .toArray(),
                validation.stream().toArray());
    }

    static void requireSize(int count, int validSize) {
        if (validSize < 0 || validSize >= count) {
            throw new DataException("validation size " + validSize + " doesn't leave any of " + count
                    + " train images, or is negative: give 0 to " + (count - 1));
        }
    }

    private static int[] sorted(int[] indices, int from, int to) {
        int[] part = Arrays.copyOfRange(indices, from, to);
        Arrays.sort(part);
        return part;
    }

    /** Indices to train on, ascending; a copy. */
    public int[] train() {
        return train.clone();
    }

    /** Indices to validate on, ascending, empty if there are none; a copy. */
    public int[] validation() {
        return validation.clone();
    }
}
