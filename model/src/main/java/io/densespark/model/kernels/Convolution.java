package io.densespark.model.kernels;

import io.densespark.model.memory.Vector;
import io.densespark.model.spec.ImageShape;

/**
 * A convolution with stride 1 that keeps the image's size.
 *
 * @param images images in the batch
 * @param image the size of its input and output
 * @param inputs channels in
 * @param outputs channels out
 * @param kernel side of the kernel, odd; the padding is {@code kernel / 2}
 * @param weight {@code [outputs, kernel, kernel, inputs]}
 */
public record Convolution(int images, ImageShape image, int inputs, int outputs, int kernel, Vector weight) {
    public Convolution {
        if (kernel % 2 == 0 || weight.length() != outputs * kernel * kernel * inputs) {
            throw new IllegalArgumentException("a " + kernel + "x" + kernel + " convolution of " + inputs + " to "
                    + outputs + " channels can't have " + weight.length() + " weights");
        }
    }

    public int padding() {
        return kernel / 2;
    }
}
