package io.densespark.data.augment;

import io.densespark.data.DataException;
import java.io.Serializable;

/**
 * Random brightness, contrast and saturation, with the meanings of torchvision's {@code ColorJitter}. Each is a mix {@code f v
 * + (1 - f) w}, cut to [0, max], where f is drawn evenly from [max(0, 1 - strength), 1 + strength] and w is 0 for brightness,
 * the mean luma of the image for contrast, and the pixel's own luma for saturation. Luma is {@code 0.299 R + 0.587 G + 0.114
 * B} (ITU-R BT.601), in grey images the value itself. The three come in a random order.
 *
 * <p>Numbers come from SplitMix64 keyed by (10, seed, epoch, image): first the order, by a Fisher–Yates shuffle, then the
 * factors of brightness, contrast and saturation. Values are not rounded in between.
 *
 * <p>Making one throws {@link DataException} if a strength is negative or not finite.
 *
 * @param brightness 0 leaves it as it is
 * @param contrast likewise
 * @param saturation likewise; of no effect on grey images
 */
public record ColorJitter(double brightness, double contrast, double saturation) implements Serializable {
    public static final ColorJitter NONE = new ColorJitter(0, 0, 0);

    private static final long COLOR_STREAM = 10;
    private static final int CHANGES = 3;
    private static final int BRIGHTNESS = 0;
    private static final int CONTRAST = 1;

    public ColorJitter {
        require("brightness", brightness);
        require("contrast", contrast);
        require("saturation", saturation);
    }

    private static void require(String name, double strength) {
        if (!(strength >= 0 && Double.isFinite(strength))) {
            throw new DataException(
                    "the strength of random " + name + " is " + strength + ": give 0 or more, such as 0.4");
        }
    }

    public boolean isNone() {
        return equals(NONE);
    }

    /**
     * Changes one image in place.
     *
     * @param image its index
     * @param values {@code [pixels, C]} from {@code offset} on, of 0 to {@code max}, with C of 1 or 3
     */
    public void apply(long seed, int epoch, int image, float[] values, int offset, int pixels, int channels, int max) {
        SplitMix64 random = new SplitMix64(COLOR_STREAM, seed, epoch, image);
        int[] order = {0, 1, 2};
        for (int i = CHANGES - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int taken = order[i];
            order[i] = order[j];
            order[j] = taken;
        }
        double[] strengths = {brightness, contrast, saturation};
        float[] factors = new float[CHANGES];
        for (int i = 0; i < CHANGES; i++) {
            factors[i] = (float) random.uniform(Math.max(0, 1 - strengths[i]), 1 + strengths[i]);
        }
        for (int change : order) {
            if (strengths[change] > 0) {
                change(change, factors[change], values, offset, pixels, channels, max);
            }
        }
    }

    private static void change(
            int change, float factor, float[] values, int offset, int pixels, int channels, int max) {
        int end = offset + pixels * channels;
        if (change == BRIGHTNESS) {
            mix(values, offset, end, factor, 0, max);
        } else if (change == CONTRAST) {
            mix(values, offset, end, factor, (1 - factor) * meanLuma(values, offset, end, channels), max);
        } else if (channels == 3) {
            for (int i = offset; i < end; i += 3) {
                mix(values, i, i + 3, factor, (1 - factor) * luma(values, i), max);
            }
        }
    }

    private static void mix(float[] values, int from, int to, float factor, float more, int max) {
        for (int i = from; i < to; i++) {
            values[i] = Math.min(max, Math.max(0, factor * values[i] + more));
        }
    }

    private static float meanLuma(float[] values, int from, int to, int channels) {
        double sum = 0;
        for (int i = from; i < to; i += channels) {
            sum += channels == 3 ? luma(values, i) : values[i];
        }
        return (float) (sum * channels / (to - from));
    }

    private static float luma(float[] values, int i) {
        return 0.299f * values[i] + 0.587f * values[i + 1] + 0.114f * values[i + 2];
    }
}
