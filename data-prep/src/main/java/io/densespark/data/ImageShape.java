package io.densespark.data;

import java.io.Serializable;

/**
 * The size of every image of a data set: {@code [height, width, channels]} values, row-major, of one byte each, or of two,
 * the lower one first.
 *
 * <p>Making one throws {@link DataException} if a size is not positive, {@code bits} is neither 8 nor 16, or one image would
 * be larger than an array can be.
 *
 * @param height in pixels
 * @param width in pixels
 * @param channels values of a pixel
 * @param bits of each value, which is unsigned
 */
public record ImageShape(int height, int width, int channels, int bits) implements Serializable {
    /** Of a byte for each value. */
    public ImageShape(int height, int width, int channels) {
        this(height, width, channels, Byte.SIZE);
    }

    public ImageShape {
        if (bits != Byte.SIZE && bits != Short.SIZE) {
            throw new DataException("image values of " + bits + " bits are neither of 8 nor of 16: run prepare again");
        }
        if (height <= 0 || width <= 0 || channels <= 0) {
            throw new DataException("image size " + height + "x" + width + "x" + channels
                    + " (height x width x channels) is not positive: check the source's files");
        }
        // In two steps: the product of three ints can overflow a long.
        if ((long) height * width > Integer.MAX_VALUE / channels / (bits / Byte.SIZE)) {
            throw new DataException("image size " + height + "x" + width + "x" + channels
                    + " (height x width x channels) is above 2 GB for one image: check the source's files");
        }
    }

    /** Values of one image: {@code height * width * channels}. */
    public int values() {
        return height * width * channels;
    }

    /** Bytes of one image. */
    public int bytes() {
        return values() * (bits / Byte.SIZE);
    }

    /** The largest value, which counts 1.0. */
    public int maxValue() {
        return (1 << bits) - 1;
    }

    @Override
    public String toString() {
        return height + "x" + width + "x" + channels + (bits == Byte.SIZE ? "" : " of " + bits + " bits");
    }
}
