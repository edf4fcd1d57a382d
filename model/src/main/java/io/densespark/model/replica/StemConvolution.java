package io.densespark.model.replica;

import io.densespark.model.kernels.Convolution;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Vector;
import java.util.function.Consumer;

/** The first convolution, from the images of a batch, which it holds. */
final class StemConvolution {
    private static final String WEIGHT = "features.conv0.weight";

    private final Workspace w;
    private final DenseNetSpec spec;
    private final ImageShape image;
    private final Vector weight;

    StemConvolution(Workspace w) {
        this.w = w;
        spec = w.settings.spec();
        image = w.settings.image();
        weight = w.parameter(WEIGHT);
    }

    /** Copies a worker's images out of the batch's {@code [N, H, W, C]}. */
    void load(int t, float[] pixels) {
        Matrix images = images(t);
        int length = images.rows() * images.columns();
        images.storage().write(0, pixels, w.firstImage(t) * image.pixels() * images.columns(), length);
    }

    /** Goes through a worker's images. */
    void chunks(int t, Workspace.Piece body) {
        w.chunks(t, spec.stemShape(image), spec.stemChannels(), body);
    }

    /** Convolves some images; the output is lent during the call. */
    void forward(int t, int first, int count, Consumer<Matrix> y) {
        w.kernels.convolve(convolution(count), pixels(t, first, count), y);
    }

    /** Accumulates the weight's gradient, given that of the output for some images. */
    void backward(int t, int first, int count, Matrix dy) {
        w.kernels.convolutionWeightGradient(convolution(count), dy, pixels(t, first, count), w.gradient(WEIGHT, t));
    }

    private Matrix images(int t) {
        return w.matrix(MemoryPlan.IMAGES, t, image, spec.inputChannels());
    }

    private Matrix pixels(int t, int first, int count) {
        return images(t).rows(first * image.pixels(), count * image.pixels());
    }

    private Convolution convolution(int count) {
        return new Convolution(
                count,
                image,
                spec.inputChannels(),
                spec.stemChannels(),
                spec.stem().kernel(),
                spec.stem().stride(),
                weight);
    }
}
