package io.densespark.model.replica;

import io.densespark.model.kernels.Convolution;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.BufferRole;
import io.densespark.model.tensor.Matrix;
import java.util.function.Consumer;

/** The first convolution, from the images of a batch, which it holds. */
final class StemConvolution {
    private final Workspace w;
    private final DenseNetSpec spec;
    private final ImageShape image;
    private final FeatureMap images;
    private final Weight weight;

    StemConvolution(Workspace w) {
        this.w = w;
        spec = w.settings.spec();
        image = w.settings.image();
        images = w.map(BufferRole.IMAGES.id(), image, spec.inputChannels());
        weight = w.weight("features.conv0.weight");
    }

    /** Copies a worker's images out of the batch's {@code [N, H, W, C]}. */
    void load(int t, Pixels pixels) {
        Matrix own = images.of(t);
        int length = own.rows() * own.columns();
        pixels.write(w.firstImage(t) * image.pixels() * own.columns(), length, own.storage());
    }

    /** Goes through a worker's images. */
    void chunks(int t, Workspace.Piece body) {
        w.chunks(t, spec.stemShape(image), spec.stemChannels(), body);
    }

    /** Convolves some images; the output is lent during the call. */
    void forward(int t, int first, int count, Consumer<Matrix> y) {
        w.kernels.convolve(convolution(count), images.pixels(t, first, count), y);
    }

    /** Accumulates the weight's gradient, given that of the output for some images. */
    void backward(int t, int first, int count, Matrix dy) {
        w.kernels.convolutionWeightGradient(convolution(count), dy, images.pixels(t, first, count), weight.gradient(t));
    }

    /** Ends the weight's gradient, when all workers have accumulated their parts. */
    void endBackward() {
        w.sumGradient(weight);
    }

    private Convolution convolution(int count) {
        return new Convolution(
                count,
                image,
                spec.inputChannels(),
                spec.stemChannels(),
                spec.stem().kernel(),
                spec.stem().stride(),
                weight.value());
    }
}
