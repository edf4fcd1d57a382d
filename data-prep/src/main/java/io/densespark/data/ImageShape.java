package io.densespark.data;

import java.io.Serializable;

/**
 * The size of every image of a data set, in pixels and channels: {@code [height, width, channels]}, one byte each.
 *
 * <p>Making one throws {@link DataException} if a size is not positive, or one image would be larger than an array can be.
 */
public record ImageShape(int height, int width, int channels) implements Serializable {
    public ImageShape {
        if (height <= 0 || width <= 0 || channels <= 0) {
            throw new DataException("image size " + height + "x" + width + "x" + channels
                    + " (height x width x channels) is not positive: check the source's files");
        }
        // In two steps: the product of three ints can overflow a long.
        if ((long) height * width > Integer.MAX_VALUE / channels) {
            throw new DataException("image size " + height + "x" + width + "x" + channels
                    + " (height x width x channels) is above 2 GB for one image: check the source's files");
        }
    }

    /** Bytes of one image, and its number of values: {@code height * width * channels}. */
    public int bytes() {
        return height * width * channels;
    }

    @Override
    public String toString() {
        return height + "x" + width + "x" + channels;
    }
}
