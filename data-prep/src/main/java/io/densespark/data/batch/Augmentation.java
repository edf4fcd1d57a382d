package io.densespark.data.batch;

import io.densespark.data.DataException;
import io.densespark.data.ImageShape;
import io.densespark.data.augment.ColorJitter;
import io.densespark.data.augment.RandomAffine;
import io.densespark.data.augment.RandomResizedCrop;
import io.densespark.data.augment.SplitMix64;
import io.densespark.data.decode.PixelFormat;
import java.io.Serializable;

/**
 * Random changes to train images, in the order of the components.
 *
 * <p>Either a random part is scaled to the image's size, or a black border of {@code cropPadding} pixels (bytes of 0, before
 * normalization) goes round the image, and a random part of the image's own size is cut out; then, with probability 1/2, left
 * and right are exchanged; then the image is turned, moved, scaled and sheared; last come the colors. What happens to an
 * example depends on (seed, epoch, index of the example) alone: of the padded crop row, column and flip are drawn in this
 * order from SplitMix64 keyed by (3, seed, epoch, index), the others have keys of their own, so that one that is switched on
 * leaves the others as they were.
 *
 * <p>Making one throws {@link DataException} if {@code cropPadding} is negative, or there are two kinds of crop.
 *
 * @param resizedCrop a random part of the image; none for the padded crop
 * @param cropPadding pixels of border on each side, 0 for no cropping; 4 is usual for CIFAR
 * @param horizontalFlip whether to flip
 * @param affine rotation, translation, scaling and shear
 * @param colors brightness, contrast and saturation
 */
public record Augmentation(
        RandomResizedCrop resizedCrop, int cropPadding, boolean horizontalFlip, RandomAffine affine, ColorJitter colors)
        implements Serializable {
    /** Leaves images as they are: for validation and test. */
    public static final Augmentation NONE = new Augmentation(0, false);

    private static final long AUGMENTATION_STREAM = 3;

    public Augmentation {
        if (cropPadding < 0) {
            throw new DataException("crop padding " + cropPadding + " is negative: give 0 or more pixels");
        }
        if (cropPadding > 0 && !resizedCrop.isNone()) {
            throw new DataException("crop padding " + cropPadding
                    + " is for another crop than random resized crops: leave out one of them");
        }
    }

    /** A padded crop and a flip alone. */
    public Augmentation(int cropPadding, boolean horizontalFlip) {
        this(RandomResizedCrop.NONE, cropPadding, horizontalFlip, RandomAffine.NONE, ColorJitter.NONE);
    }

    /**
     * Finds out whether such images can be changed so, and whether crops of them show something.
     *
     * @throws DataException if the padding is not smaller than they are, or they have channels that a change isn't made for
     */
    public void requireFits(ImageShape shape) {
        if (cropPadding >= Math.min(shape.height(), shape.width())) {
            throw new DataException("crop padding " + cropPadding + " is not smaller than the image, " + shape
                    + ": give less, crops could be all black");
        }
        if (!resizedCrop.isNone()) {
            PixelFormat.of(shape.channels(), shape.bits());
        }
        if (!colors.isNone() && shape.channels() != 1 && shape.channels() != 3) {
            throw new DataException("random brightness, contrast and saturation are for grey and RGB images, not for "
                    + shape + ": leave them out");
        }
    }

    /** Whether values are other than those of the image, and not only elsewhere. */
    boolean changesValues() {
        return !affine.isNone() || !colors.isNone();
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
