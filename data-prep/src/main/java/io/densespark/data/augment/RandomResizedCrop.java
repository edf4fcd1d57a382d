package io.densespark.data.augment;

import io.densespark.data.DataException;
import io.densespark.data.decode.ImagePart;
import java.io.Serializable;

/**
 * A random part of the image, scaled to the size that is learnt from: the crop of Szegedy et al., "Going Deeper with
 * Convolutions" (CVPR 2015), as torchvision's {@code RandomResizedCrop} draws it.
 *
 * <p>The part's share of the image's area is drawn evenly from [leastScale, 1], its width by its height from {@value
 * #LEAST_RATIO} to {@value #MOST_RATIO}, evenly on a logarithmic scale; both sides are rounded. A part that doesn't fit into
 * the image is drawn again, ten times; after that the largest central part of an allowed ratio is taken. Where the part lies
 * is drawn evenly. Numbers come from SplitMix64 keyed by (8, seed, epoch, image).
 *
 * <p>Making one throws {@link DataException} if {@code leastScale} is not in [0, 1].
 *
 * @param leastScale the least share of the image's area; 0.08 is usual, 0 switches the crop off
 */
public record RandomResizedCrop(double leastScale) implements Serializable {
    public static final RandomResizedCrop NONE = new RandomResizedCrop(0);

    static final double LEAST_RATIO = 3.0 / 4;
    static final double MOST_RATIO = 4.0 / 3;

    private static final int TRIES = 10;
    private static final long CROP_STREAM = 8;

    public RandomResizedCrop {
        if (!(leastScale >= 0 && leastScale <= 1)) {
            throw new DataException("the least scale of a crop is " + leastScale + ": give 0 to 1, such as 0.08");
        }
    }

    public boolean isNone() {
        return leastScale == 0;
    }

    /**
     * The part of one image.
     *
     * @param image its index
     * @param height of the image
     * @param width of the image
     */
    public ImagePart choose(long seed, int epoch, int image, int height, int width) {
        SplitMix64 random = new SplitMix64(CROP_STREAM, seed, epoch, image);
        double area = (double) height * width;
        for (int i = 0; i < TRIES; i++) {
            double target = area * random.uniform(leastScale, 1);
            double ratio = Math.exp(random.uniform(Math.log(LEAST_RATIO), Math.log(MOST_RATIO)));
            int partWidth = (int) Math.rint(Math.sqrt(target * ratio));
            int partHeight = (int) Math.rint(Math.sqrt(target / ratio));
            if (partWidth > 0 && partWidth <= width && partHeight > 0 && partHeight <= height) {
                int top = random.nextInt(height - partHeight + 1);
                int left = random.nextInt(width - partWidth + 1);
                return new ImagePart(top, left, partHeight, partWidth);
            }
        }
        return central(height, width);
    }

    private static ImagePart central(int height, int width) {
        double ratio = (double) width / height;
        int partWidth = width;
        int partHeight = height;
        if (ratio < LEAST_RATIO) {
            partHeight = (int) Math.rint(width / LEAST_RATIO);
        } else if (ratio > MOST_RATIO) {
            partWidth = (int) Math.rint(height * MOST_RATIO);
        }
        return new ImagePart((height - partHeight) / 2, (width - partWidth) / 2, partHeight, partWidth);
    }
}
