package io.densespark.model.replica;

import io.densespark.model.kernels.Affine;
import io.densespark.model.kernels.BatchStatistics;
import io.densespark.model.kernels.ColumnSums;
import io.densespark.model.kernels.Kernels;
import io.densespark.model.kernels.Norm;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.BufferRole;
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
    private final FeatureMap output;
    private final FeatureMap gradient;
    private final NormalizedMap normalized;
    private final PieceBuffer outputPiece;
    private final PieceBuffer gradientPiece;

    ImageNetStem(Workspace w, DenseBlock first) {
        this.w = w;
        this.kernels = w.kernels;
        this.first = first;
        convolution = new StemConvolution(w);
        shape = w.settings.spec().stemShape(w.settings.image());
        channels = w.settings.spec().stemChannels();
        norm = w.norm("features.norm0");
        statistics = w.statistics(BufferRole.STEM_STATISTICS.id(), channels);
        output = w.map(BufferRole.STEM_OUTPUT.id(), shape, channels);
        gradient = w.map(BufferRole.MAP_GRADIENT.id(), shape, channels);
        normalized = new NormalizedMap(w, BufferRole.STEM_NORMALIZED.id(), channels);
        outputPiece = w.piece(BufferRole.OUTPUT_PIECE.id());
        gradientPiece = w.piece(BufferRole.ACTIVATION_GRADIENT_PIECE.id());
    }

    @Override
    public void load(Pixels pixels) {
        w.parallel(t -> convolution.load(t, pixels));
    }

    @Override
    public void forward() {
        w.parallel(t -> convolution.chunks(
                t,
                (image, images) ->
                        convolution.forward(t, image, images, y -> w.enter(t, shape, y, output.of(t), image))));
        Affine affine = w.affine(1, channels);
        w.mergeMoments(shape, channels, statistics, norm, affine);
        w.parallel(t -> convolution.chunks(t, (image, images) -> {
            Matrix x = output.pixels(t, image, images);
            Matrix z = normalized.normalize(t, image * shape.pixels(), x, affine);
            Matrix y = outputPiece.of(t, images * first.shape.pixels(), channels);
            kernels.maxPool(z, images, shape, y);
            first.enter(t, y, image);
        }));
    }

    @Override
    public void backward() {
        Affine affine = w.affine(1, channels);
        kernels.batchAffine(statistics, norm, affine);
        ColumnSums sums = w.deferred(1, channels);
        w.parallel(t -> {
            w.beginSums(t, channels);
            convolution.chunks(t, (image, images) -> poolBackward(t, image, images, affine));
        });
        kernels.firstNormGradients(w.partialSums(channels), norm, sums);
        w.parallel(t -> convolution.chunks(t, (image, images) -> {
            Matrix dy = outputPiece.of(t, images * shape.pixels(), channels);
            kernels.finishGradient(
                    gradient.pixels(t, image, images),
                    output.pixels(t, image, images),
                    statistics,
                    sums,
                    w.rows(shape),
                    dy);
            convolution.backward(t, image, images, dy);
        }));
        convolution.endBackward();
    }

    private void poolBackward(int t, int image, int images, Affine affine) {
        int pooled = first.shape.pixels();
        Matrix dy = outputPiece.of(t, images * pooled, channels);
        first.entranceGradient(t, image * pooled, dy);
        Matrix y = output.pixels(t, image, images);
        Matrix z = normalized.again(t, image * shape.pixels(), y, affine);
        Matrix dz = gradientPiece.of(t, z.rows(), channels);
        kernels.maxPoolBackward(dy, z, images, shape, dz);
        kernels.reluBackwardOverwrite(
                dz,
                z,
                y,
                affine,
                statistics,
                norm.scale(),
                gradient.pixels(t, image, images),
                w.partialSums(t, channels));
    }
}
