package io.densespark.model.spec;

import io.densespark.model.ModelException;

/**
 * The size of a feature map or an image.
 *
 * @param height rows of pixels
 * @param width pixels a row
 */
public record ImageShape(int height, int width) {
    /** @throws ModelException if a side is not positive */
    public ImageShape {
        if (height < 1 || width < 1) {
            throw new ModelException("image size " + height + "x" + width + ": both sides must be at least 1");
        }
    }

    public int pixels() {
        return height * width;
    }

    /** The size behind a 2x2 average pooling with stride 2; an odd last row or column is dropped, as PyTorch does. */
    public ImageShape halved() {
        return new ImageShape(height / 2, width / 2);
    }

    @Override
    public String toString() {
        return height + "x" + width;
    }
}
