package io.densespark.model.replica;

import io.densespark.model.kernels.Affine;
import io.densespark.model.kernels.ColumnSums;
import io.densespark.model.kernels.Convolution;
import io.densespark.model.kernels.Kernels;
import io.densespark.model.kernels.Norm;
import io.densespark.model.plan.BufferRole;
import io.densespark.model.tensor.Matrix;

/** A layer without bottleneck: norm, ReLU, 3x3 convolution. */
final class BasicLayer implements DenseLayer {
    private final Workspace w;
    private final Kernels kernels;
    private final LayerColumns columns;
    private final Norm norm;
    private final Weight weight;
    private final NormalizedMap normalized;
    private final Affine affine;

    BasicLayer(Workspace w, LayerColumns columns) {
        this.w = w;
        this.kernels = w.kernels;
        this.columns = columns;
        norm = w.norm(columns.name + ".norm1");
        weight = w.weight(columns.name + ".conv1.weight");
        normalized = new NormalizedMap(w, BufferRole.NORMALIZED_INPUT.of(columns.block, columns.layer), columns.inputs);
        affine = w.affine(0, columns.inputs);
    }

    @Override
    public void forward() {
        w.affine(columns.inputStatistics, norm, affine);
        w.parallel(t -> w.chunks(t, columns.shape, columns.inputs, (image, images) -> {
            Matrix x = columns.pixels(columns.features(t), image, images);
            Matrix z = normalized.normalize(t, columns.row(image), x, affine);
            kernels.convolve(convolution(images), z, y -> columns.enter(t, y, image));
        }));
        columns.entered();
    }

    @Override
    public void backward(ColumnSums blockSums) {
        kernels.batchAffine(columns.inputStatistics, norm, affine);
        w.parallel(t -> {
            w.beginSums(t, columns.inputs);
            w.chunks(t, columns.shape, columns.inputs, (image, images) -> backward(t, image, images, blockSums));
        });
        w.sumGradient(weight);
        kernels.normGradients(w.partialSums(columns.inputs), norm, blockSums.slice(0, columns.inputs));
    }

    private void backward(int t, int image, int images, ColumnSums blockSums) {
        Matrix dy = columns.gradient(t, image, images, blockSums);
        Matrix x = columns.pixels(columns.features(t), image, images);
        Matrix z = normalized.again(t, columns.row(image), x, affine);
        kernels.convolutionBackward(
                convolution(images),
                dy,
                z,
                weight.gradient(t),
                dz -> kernels.reluBackwardAccumulate(
                        dz,
                        z,
                        x,
                        affine,
                        columns.inputStatistics,
                        norm.scale(),
                        columns.pixels(columns.accumulated(t), image, images),
                        w.partialSums(t, columns.inputs)));
    }

    private Convolution convolution(int images) {
        return Convolution.same(images, columns.shape, columns.inputs, columns.growth, 3, weight.value());
    }
}
