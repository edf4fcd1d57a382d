package io.densespark.model.replica;

import io.densespark.model.kernels.Convolution;
import io.densespark.model.memory.Matrix;
import io.densespark.model.memory.MemoryPlan;
import io.densespark.model.memory.Vector;
import io.densespark.model.spec.ImageShape;

/** The first 3x3 convolution, from the images to the first block. */
final class Stem {
    private static final String WEIGHT = "features.conv0.weight";

    private final Workspace w;
    private final DenseBlock first;
    private final Vector weight;
    private final ImageShape shape;

    Stem(Workspace w, DenseBlock first) {
        this.w = w;
        this.first = first;
        weight = w.parameter(WEIGHT);
        shape = w.settings.image();
    }

    /** @param pixels {@code [N, H, W, C]}, normalized */
    void forward(float[] pixels) {
        w.parallel(t -> {
            Matrix images = images(t);
            int length = images.rows() * images.columns();
            images.storage().write(0, pixels, w.firstImage(t) * shape.pixels() * images.columns(), length);
            w.chunks(
                    t,
                    shape,
                    first.inputs,
                    (image, count) -> w.kernels.convolve(
                            convolution(count), rows(images, image, count), y -> first.enter(t, y, image)));
        });
    }

    void backward() {
        w.parallel(t -> w.chunks(
                t,
                shape,
                first.inputs,
                (image, count) -> w.kernels.convolutionWeightGradient(
                        convolution(count),
                        first.entranceGradient(t, image * shape.pixels(), count * shape.pixels()),
                        rows(images(t), image, count),
                        w.gradient(WEIGHT, t))));
    }

    private Matrix rows(Matrix map, int image, int count) {
        return map.rows(image * shape.pixels(), count * shape.pixels());
    }

    private Matrix images(int t) {
        return w.matrix(MemoryPlan.IMAGES, t, shape, w.settings.spec().inputChannels());
    }

    private Convolution convolution(int images) {
        return new Convolution(images, shape, w.settings.spec().inputChannels(), first.inputs, 3, weight);
    }
}
