package io.densespark.model.network;

import io.densespark.model.ModelException;
import java.io.Serializable;

/**
 * The size of a feature map or an image.
 *
 * @param height rows of pixels
 * @param width pixels a row
 */
public record ImageShape(int height, int width) implements Serializable {
    /** @throws ModelException if a side is not positive, or the pixels can't be counted by an int */
    public ImageShape {
        if (height < 1 || width < 1) {
            throw new ModelException("image size " + height + "x" + width + ": both sides must be at least 1");
        }
        if ((long) height * width > Integer.MAX_VALUE) {
            throw new ModelException(
                    "image size " + height + "x" + width + ": has more than " + Integer.MAX_VALUE + " pixels");
        }
    }

    public int pixels() {
        return height * width;
    }

    /** The size behind a 2x2 average pooling with stride 2; an odd last row or column is dropped, as PyTorch does. */
    public ImageShape halved() {
        return new ImageShape(height / 2, width / 2);
    }

    /** The size behind a convolution or pooling with an odd kernel, padded by half of it. */
    public ImageShape strided(int kernel, int stride) {
        int reach = 2 * (kernel / 2) - kernel;
        return new ImageShape((height + reach) / stride + 1, (width + reach) / stride + 1);
    }

    @Override
    public String toString() {
        return height + "x" + width;
    }
}
