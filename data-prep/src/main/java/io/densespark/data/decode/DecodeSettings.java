package io.densespark.data.decode;

import io.densespark.data.DataException;
import java.util.Locale;

/**
 * How to decode images.
 *
 * <p>Making one throws {@link DataException} if {@code background} or {@code maxPixels} is out of its range.
 *
 * @param format what the decoded pixels are to be
 * @param background the color under transparent pixels, {@code 0xRRGGBB}
 * @param maxPixels the largest image that is decoded, height times width, 1 to {@value #LARGEST_MAX_PIXELS}. While an
 *     image is decoded, each of its pixels takes 9 bytes (8 bits, no alpha) to 24 bytes (16 bits with alpha).
 */
public record DecodeSettings(PixelFormat format, int background, long maxPixels) {
    public static final int WHITE = 0xffffff;

    /**
     * Above the usual camera's 50 megapixels; an image of so many pixels takes 0.6 to 1.5 GB while it is decoded, which a
     * few threads of an executor can have at once.
     */
    public static final long DEFAULT_MAX_PIXELS = 64_000_000;

    /** An image of 8 bytes a pixel (16 bits, alpha) must fit into one array. */
    public static final long LARGEST_MAX_PIXELS = Integer.MAX_VALUE / 8;

    public DecodeSettings {
        if (background < 0 || background > WHITE) {
            throw new DataException(String.format(
                    Locale.ROOT, "background color is 0x%x: give 0x000000 to 0xffffff (red, green, blue)", background));
        }
        if (maxPixels < 1 || maxPixels > LARGEST_MAX_PIXELS) {
            throw new DataException("the largest image to decode is " + maxPixels + " pixels: give 1 to "
                    + LARGEST_MAX_PIXELS + ", such as " + DEFAULT_MAX_PIXELS);
        }
    }

    /** On white, and up to the default size. */
    public static DecodeSettings of(PixelFormat format) {
        return new DecodeSettings(format, WHITE, DEFAULT_MAX_PIXELS);
    }
}
