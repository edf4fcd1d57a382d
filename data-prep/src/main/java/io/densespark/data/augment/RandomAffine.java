package io.densespark.data.augment;

import io.densespark.data.DataException;
import java.io.Serializable;

/**
 * A random rotation, translation, scaling and shear, all evenly drawn, with the meanings of torchvision's {@code
 * RandomAffine}. Numbers come from SplitMix64 keyed by (9, seed, epoch, image), in the order of the components, the horizontal
 * translation before the vertical one.
 *
 * <p>Making one throws {@link DataException} if a component is out of its range.
 *
 * @param degrees the image is turned by an angle of [-degrees, degrees], at most 180
 * @param translate it is moved by [-translate, translate] of its width, and of its height, at most 1
 * @param scale it is scaled by [1 - scale, 1 + scale], below 1
 * @param shear columns are sheared by an angle of [-shear, shear] degrees, below 90
 */
public record RandomAffine(double degrees, double translate, double scale, double shear) implements Serializable {
    public static final RandomAffine NONE = new RandomAffine(0, 0, 0, 0);

    private static final long AFFINE_STREAM = 9;

    public RandomAffine {
        require("rotation", degrees, degrees <= 180, "0 to 180 degrees");
        require("translation", translate, translate <= 1, "0 to 1");
        require("scaling", scale, scale < 1, "at least 0 and below 1");
        require("shear", shear, shear < 90, "at least 0 and below 90 degrees");
    }

    private static void require(String name, double value, boolean isSmall, String range) {
        if (!(value >= 0 && isSmall)) {
            throw new DataException("the largest " + name + " is " + value + ": give " + range);
        }
    }

    public boolean isNone() {
        return equals(NONE);
    }

    /**
     * What happens to one image.
     *
     * @param image its index
     * @param height of the image
     * @param width of the image
     */
    public AffineMap choose(long seed, int epoch, int image, int height, int width) {
        SplitMix64 random = new SplitMix64(AFFINE_STREAM, seed, epoch, image);
        double angle = random.uniform(-degrees, degrees);
        double right = random.uniform(-translate, translate) * width;
        double down = random.uniform(-translate, translate) * height;
        double factor = random.uniform(1 - scale, 1 + scale);
        double sheared = random.uniform(-shear, shear);
        return AffineMap.of(Math.toRadians(angle), right, down, factor, Math.toRadians(sheared), height, width);
    }
}
