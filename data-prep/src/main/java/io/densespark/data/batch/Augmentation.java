package io.densespark.data.batch;

import io.densespark.data.DataException;
import io.densespark.data.ImageShape;
import java.io.Serializable;

/**
 * Random changes to train images.
 *
 * <p>First, a black border of {@code cropPadding} pixels (bytes of 0, before normalization) goes round the image, and a
 * random part of the image's own size is cut out; then, with probability 1/2, left and right are exchanged. What happens
 * to an example depends on (seed, epoch, index of the example) alone: row, column and flip are drawn in this order from
 * SplitMix64 keyed by (3, seed, epoch, index).
 *
 * <p>Making one throws {@link DataException} if {@code cropPadding} is negative.
 *
 * @param cropPadding pixels of border on each side, 0 for no cropping; 4 is usual for CIFAR
 * @param horizontalFlip whether to flip
 */
public record Augmentation(int cropPadding, boolean horizontalFlip) implements Serializable {
    /** Leaves images as they are: for validation and test. */
    public static final Augmentation NONE = new Augmentation(0, false);

    private static final long AUGMENTATION_STREAM = 3;

    public Augmentation {
        if (cropPadding < 0) {
            throw new DataException("crop padding " + cropPadding + " is negative: give 0 or more pixels");
        }
    }

    /**
     * Finds out whether crops of such images show something.
     *
     * @throws DataException if the padding is not smaller than they are
     */
    public void requireFits(ImageShape shape) {
        if (cropPadding >= Math.min(shape.height(), shape.width())) {
            throw new DataException("crop padding " + cropPadding + " is not smaller than the image, " + shape
                    + ": give less, crops could be all black");
        }
    }

    /**
     * What happens to one example.
     *
     * @param top row of the bordered image that the result starts at, in [0, 2 * cropPadding]
     * @param left the same for columns
     */
    record Choice(int top, int left, boolean flip) {}

    Choice choose(long seed, int epoch, int index) {
        SplitMix64 random = new SplitMix64(AUGMENTATION_STREAM, seed, epoch, index);
        int positions = 2 * cropPadding + 1;
        int top = random.nextInt(positions);
        int left = random.nextInt(positions);
        return new Choice(top, left, horizontalFlip && random.nextInt(2) == 1);
    }
}
