package io.densespark.model.replica;

import io.densespark.model.kernels.Affine;
import io.densespark.model.kernels.BatchStatistics;
import io.densespark.model.kernels.ColumnSums;
import io.densespark.model.kernels.Kernels;
import io.densespark.model.kernels.Norm;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.tensor.Matrix;

/** A 7x7 convolution with stride 2, norm, ReLU and 3x3 max-pooling with stride 2. */
final class ImageNetStem implements Stem {
    private final Workspace w;
    private final Kernels kernels;
    private final DenseBlock first;
    private final StemConvolution convolution;
    private final ImageShape shape;
    private final int channels;
    private final Norm norm;
    private final BatchStatistics statistics;

    ImageNetStem(Workspace w, DenseBlock first) {
        this.w = w;
        this.kernels = w.kernels;
        this.first = first;
        convolution = new StemConvolution(w);
        shape = w.settings.spec().stemShape(w.settings.image());
        channels = w.settings.spec().stemChannels();
        norm = w.norm("features.norm0");
        statistics = w.statistics(MemoryPlan.STEM_STATISTICS, channels);
    }

    @Override
    public void forward(float[] pixels) {
        w.parallel(t -> {
            convolution.load(t, pixels);
            convolution.chunks(
                    t,
                    (image, images) ->
                            convolution.forward(t, image, images, y -> w.enter(t, shape, y, output(t), image)));
        });
        if (w.training()) {
            w.mergeMoments(shape, channels, statistics);
            kernels.updateRunningStatistics(statistics, norm);
        }
        Affine affine = affine();
        w.parallel(t -> convolution.chunks(t, (image, images) -> {
            Matrix z = normalized(t, image, images);
            kernels.normalizeRelu(pixels(output(t), image, images), affine, z);
            Matrix y = w.piece(MemoryPlan.OUTPUT, t, images * first.shape.pixels(), channels);
            kernels.maxPool(z, images, shape, y);
            first.enter(t, y, image);
        }));
    }

    @Override
    public void backward() {
        Affine affine = affine();
        ColumnSums sums = w.deferred(1, channels);
        w.zero(sums);
        w.parallel(t -> {
            w.clearPartialSums(t, channels);
            convolution.chunks(t, (image, images) -> poolBackward(t, image, images, affine));
        });
        kernels.normGradients(w.partialSums(channels), norm, sums);
        w.parallel(t -> convolution.chunks(t, (image, images) -> {
            Matrix dy = w.piece(MemoryPlan.OUTPUT, t, images * shape.pixels(), channels);
            kernels.finishGradient(
                    pixels(gradient(t), image, images),
                    pixels(output(t), image, images),
                    statistics,
                    sums,
                    w.rows(shape),
                    dy);
            convolution.backward(t, image, images, dy);
        }));
    }

    private void poolBackward(int t, int image, int images, Affine affine) {
        int pooled = first.shape.pixels();
        Matrix dy = w.piece(MemoryPlan.OUTPUT, t, images * pooled, channels);
        first.entranceGradient(t, image * pooled, dy);
        Matrix y = pixels(output(t), image, images);
        Matrix z = normalized(t, image, images);
        w.renormalize(t, y, affine, z);
        Matrix dz = w.piece(MemoryPlan.ACTIVATION_GRADIENT, t, z.rows(), channels);
        kernels.maxPoolBackward(dy, z, images, shape, dz);
        kernels.reluBackwardOverwrite(
                dz, z, y, statistics, norm.scale(), pixels(gradient(t), image, images), w.partialSums(t, channels));
    }

    private Affine affine() {
        Affine affine = w.affine(1, channels);
        w.affine(statistics, norm, affine);
        return affine;
    }

    private Matrix output(int t) {
        return w.matrix(MemoryPlan.STEM_OUTPUT, t, shape, channels);
    }

    private Matrix gradient(int t) {
        return w.matrix(MemoryPlan.MAP_GRADIENT, t, shape, channels);
    }

    private Matrix normalized(int t, int image, int images) {
        return w.settings.level().keepsNormalized()
                ? pixels(w.matrix(MemoryPlan.STEM_NORMALIZED, t, shape, channels), image, images)
                : w.piece(MemoryPlan.NORMALIZED, t, images * shape.pixels(), channels);
    }

    private Matrix pixels(Matrix map, int image, int images) {
        return map.rows(image * shape.pixels(), images * shape.pixels());
    }
}
