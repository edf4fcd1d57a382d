package io.densespark.model.replica;

import io.densespark.model.kernels.Affine;
import io.densespark.model.kernels.BatchStatistics;
import io.densespark.model.kernels.ColumnSums;
import io.densespark.model.kernels.Convolution;
import io.densespark.model.kernels.Kernels;
import io.densespark.model.kernels.Norm;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.BufferId;
import io.densespark.model.plan.BufferRole;
import io.densespark.model.tensor.Matrix;

/**
 * One bottleneck layer: norm1, ReLU, 1x1 convolution, norm2, ReLU, 3x3 convolution. It reads the first c columns of its
 * block's features and writes the next k (growth rate) in place, so nothing is ever concatenated.
 */
final class BottleneckLayer implements DenseLayer {
    private final Workspace w;
    private final Kernels kernels;
    private final LayerColumns columns;
    private final ImageShape shape;
    private final int inputs;
    private final int middle;
    private final Norm norm1;
    private final Norm norm2;
    private final Weight weight1;
    private final Weight weight2;
    private final boolean keepsBottleneck;
    private final FeatureMap bottleneck;
    private final FeatureMap bottleneckGradient;
    private final NormalizedMap normalized;
    private final NormalizedMap normalizedBottleneck;
    private final PieceBuffer outputPiece;
    private final PieceBuffer gradientPiece;
    private final BatchStatistics middleStatistics;
    private final Affine affine1;
    private final Affine affine2;

    BottleneckLayer(Workspace w, LayerColumns columns) {
        this.w = w;
        this.kernels = w.kernels;
        this.columns = columns;
        shape = columns.shape;
        inputs = columns.inputs;
        middle = w.settings.spec().bottleneckChannels();
        norm1 = w.norm(columns.name + ".norm1");
        norm2 = w.norm(columns.name + ".norm2");
        weight1 = w.weight(columns.name + ".conv1.weight");
        weight2 = w.weight(columns.name + ".conv2.weight");
        BufferId output = own(BufferRole.BOTTLENECK_OUTPUT);
        keepsBottleneck = w.settings.level().keeps(output.role());
        bottleneck = w.map(w.settings.level().place(output), shape, middle);
        bottleneckGradient = w.map(BufferRole.MAP_GRADIENT.id(), shape, middle);
        normalized = new NormalizedMap(w, own(BufferRole.NORMALIZED_INPUT), inputs);
        normalizedBottleneck = new NormalizedMap(w, own(BufferRole.NORMALIZED_BOTTLENECK), middle);
        outputPiece = w.piece(BufferRole.OUTPUT_PIECE.id());
        gradientPiece = w.piece(BufferRole.ACTIVATION_GRADIENT_PIECE.id());
        middleStatistics = w.statistics(own(BufferRole.BOTTLENECK_STATISTICS), middle);
        affine1 = w.affine(0, inputs);
        affine2 = w.affine(1, middle);
    }

    private BufferId own(BufferRole role) {
        return role.of(columns.block, columns.layer);
    }

    @Override
    public void forward() {
        w.affine(columns.inputStatistics, norm1, affine1);
        w.parallel(t -> bottleneckOutput(t, w.training()));
        w.mergeMoments(shape, middle, middleStatistics, norm2, affine2);
        w.parallel(t -> w.chunks(t, shape, middle, (image, images) -> {
            Matrix x = bottleneck.pixels(t, image, images);
            Matrix z = normalizedBottleneck.normalize(t, columns.row(image), x, affine2);
            kernels.convolve(convolution(images), z, y -> columns.enter(t, y, image));
        }));
        columns.entered();
    }

    @Override
    public void backward(ColumnSums blockSums) {
        kernels.batchAffine(columns.inputStatistics, norm1, affine1);
        kernels.batchAffine(middleStatistics, norm2, affine2);
        ColumnSums middleSums = w.deferred(1, middle);
        w.parallel(t -> {
            if (!keepsBottleneck) {
                w.clock.recompute(t, () -> bottleneckOutput(t, false));
            }
            w.beginSums(t, middle);
            w.chunks(t, shape, middle, (image, images) -> convolutionBackward(t, image, images, blockSums));
        });
        w.sumGradient(weight2);
        kernels.firstNormGradients(w.partialSums(middle), norm2, middleSums);
        w.parallel(t -> {
            w.beginSums(t, inputs);
            w.tiles(columns.features(t).rows(), (row, rows) -> multiplyBackward(t, row, rows, middleSums));
        });
        w.sumGradient(weight1);
        kernels.normGradients(w.partialSums(inputs), norm1, blockSums.slice(0, inputs));
    }

    /** From the new columns to the masked gradient of norm2's output, scaled, in the bottleneck's gradient buffer. */
    private void convolutionBackward(int t, int image, int images, ColumnSums blockSums) {
        Matrix dy = columns.gradient(t, image, images, blockSums);
        Matrix y = bottleneck.pixels(t, image, images);
        Matrix z = normalizedBottleneck.again(t, columns.row(image), y, affine2);
        kernels.convolutionBackward(
                convolution(images),
                dy,
                z,
                weight2.gradient(t),
                dz -> kernels.reluBackwardOverwrite(
                        dz,
                        z,
                        y,
                        affine2,
                        middleStatistics,
                        norm2.scale(),
                        bottleneckGradient.pixels(t, image, images),
                        w.partialSums(t, middle)));
    }

    /** From the bottleneck's gradient to the block's accumulator. */
    private void multiplyBackward(int t, int row, int rows, ColumnSums middleSums) {
        Matrix dy = outputPiece.of(t, rows, middle);
        kernels.finishGradient(
                bottleneckGradient.rows(t, row, rows),
                bottleneck.rows(t, row, rows),
                middleStatistics,
                middleSums,
                w.rows(shape),
                dy);
        Matrix x = columns.features(t).rows(row, rows);
        Matrix z = normalized.again(t, row, x, affine1);
        Matrix dz = gradientPiece.of(t, rows, inputs);
        kernels.multiplyBackward(dy, z, weight1.value(), dz, weight1.gradient(t));
        kernels.reluBackwardAccumulate(
                dz,
                z,
                x,
                affine1,
                columns.inputStatistics,
                norm1.scale(),
                columns.accumulated(t).rows(row, rows),
                w.partialSums(t, inputs));
    }

    /** The same two kernels on the same tiles in the forward pass and in recomputation: the same bits. */
    private void bottleneckOutput(int t, boolean withMoments) {
        w.tiles(columns.features(t).rows(), (row, rows) -> {
            Matrix z = normalized.normalize(t, row, columns.features(t).rows(row, rows), affine1);
            Matrix y = bottleneck.rows(t, row, rows);
            kernels.multiply(z, weight1.value(), y);
            if (withMoments) {
                kernels.columnMoments(y, row, w.moments(t, shape, middle));
            }
        });
    }

    private Convolution convolution(int images) {
        return Convolution.same(images, shape, middle, columns.growth, 3, weight2.value());
    }
}
