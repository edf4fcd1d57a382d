package io.densespark.model.kernels;

import io.densespark.model.network.ImageShape;
import io.densespark.model.tensor.Vector;

/**
 * A convolution, padded by half of its kernel's side.
 *
 * @param images images in the batch
 * @param image the size of its input
 * @param inputs channels in
 * @param outputs channels out
 * @param kernel side of the kernel, odd
 * @param stride pixels between two applications of the kernel
 * @param weight {@code [outputs, kernel, kernel, inputs]}
 */
public record Convolution(
        int images, ImageShape image, int inputs, int outputs, int kernel, int stride, Vector weight) {
    public Convolution {
        if (kernel % 2 == 0 || weight.length() != outputs * kernel * kernel * inputs) {
            throw new IllegalArgumentException("a " + kernel + "x" + kernel + " convolution of " + inputs + " to "
                    + outputs + " channels can't have " + weight.length() + " weights");
        }
    }

    /** A convolution with stride 1, which keeps the image's size. */
    public static Convolution same(int images, ImageShape image, int inputs, int outputs, int kernel, Vector weight) {
        return new Convolution(images, image, inputs, outputs, kernel, 1, weight);
    }

    /** The size of its output. */
    public ImageShape output() {
        return image.strided(kernel, stride);
    }

    public int padding() {
        return kernel / 2;
    }
}
