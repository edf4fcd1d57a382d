package io.densespark.model.replica;

import io.densespark.model.kernels.Affine;
import io.densespark.model.kernels.BatchStatistics;
import io.densespark.model.kernels.ColumnSums;
import io.densespark.model.kernels.Convolution;
import io.densespark.model.kernels.Kernels;
import io.densespark.model.kernels.Norm;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Vector;

/**
 * One bottleneck layer: norm1, ReLU, 1x1 convolution, norm2, ReLU, 3x3 convolution. It reads the first c columns of its
 * block's features and writes the next k (growth rate) in place, so nothing is ever concatenated.
 */
final class BottleneckLayer implements DenseLayer {
    private final Workspace w;
    private final Kernels kernels;
    private final RecomputeLevel level;
    private final LayerColumns columns;
    private final ImageShape shape;
    private final int inputs;
    private final int middle;
    private final Norm norm1;
    private final Norm norm2;
    private final Vector weight1;
    private final Vector weight2;
    private final BatchStatistics middleStatistics;
    private final Affine affine1;
    private final Affine affine2;

    BottleneckLayer(Workspace w, LayerColumns columns) {
        this.w = w;
        this.kernels = w.kernels;
        this.level = w.settings.level();
        this.columns = columns;
        shape = columns.shape;
        inputs = columns.inputs;
        middle = w.settings.spec().bottleneckChannels();
        norm1 = w.norm(columns.name + ".norm1");
        norm2 = w.norm(columns.name + ".norm2");
        weight1 = w.parameter(weightName(1));
        weight2 = w.parameter(weightName(2));
        middleStatistics = w.statistics(MemoryPlan.bottleneckStatistics(columns.block, columns.layer), middle);
        affine1 = w.affine(0, inputs);
        affine2 = w.affine(1, middle);
    }

    private String weightName(int convolution) {
        return columns.name + ".conv" + convolution + ".weight";
    }

    @Override
    public void forward() {
        w.affine(columns.inputStatistics, norm1, affine1);
        w.parallel(t -> bottleneckOutput(t, w.training()));
        if (w.training()) {
            w.mergeMoments(shape, middle, middleStatistics);
            kernels.updateRunningStatistics(columns.inputStatistics, norm1);
            kernels.updateRunningStatistics(middleStatistics, norm2);
        }
        w.affine(middleStatistics, norm2, affine2);
        w.parallel(t -> w.chunks(t, shape, middle, (image, images) -> {
            Matrix z = normalizedBottleneck(t, image, images);
            kernels.normalizeRelu(columns.pixels(bottleneck(t), image, images), affine2, z);
            kernels.convolve(convolution(images), z, y -> columns.enter(t, y, image));
        }));
        columns.entered();
    }

    @Override
    public void backward(ColumnSums blockSums) {
        kernels.batchAffine(columns.inputStatistics, norm1, affine1);
        kernels.batchAffine(middleStatistics, norm2, affine2);
        ColumnSums middleSums = w.deferred(1, middle);
        w.zero(middleSums);
        w.parallel(t -> {
            if (!level.keepsBottleneck()) {
                w.clock.recompute(t, () -> bottleneckOutput(t, false));
            }
            w.clearPartialSums(t, middle);
            w.chunks(t, shape, middle, (image, images) -> convolutionBackward(t, image, images, blockSums));
        });
        kernels.normGradients(w.partialSums(middle), norm2, middleSums);
        w.parallel(t -> {
            w.clearPartialSums(t, inputs);
            w.tiles(columns.features(t).rows(), (row, rows) -> multiplyBackward(t, row, rows, middleSums));
        });
        kernels.normGradients(w.partialSums(inputs), norm1, blockSums.slice(0, inputs));
    }

    /** From the new columns to the masked gradient of norm2's output, scaled, in the bottleneck's gradient buffer. */
    private void convolutionBackward(int t, int image, int images, ColumnSums blockSums) {
        Matrix dy = columns.gradient(t, image, images, blockSums);
        Matrix y = columns.pixels(bottleneck(t), image, images);
        Matrix z = normalizedBottleneck(t, image, images);
        w.renormalize(t, y, affine2, z);
        kernels.convolutionBackward(
                convolution(images),
                dy,
                z,
                w.gradient(weightName(2), t),
                dz -> kernels.reluBackwardOverwrite(
                        dz,
                        z,
                        y,
                        middleStatistics,
                        norm2.scale(),
                        columns.pixels(bottleneckGradient(t), image, images),
                        w.partialSums(t, middle)));
    }

    /** From the bottleneck's gradient to the block's accumulator. */
    private void multiplyBackward(int t, int row, int rows, ColumnSums middleSums) {
        Matrix dy = w.piece(MemoryPlan.OUTPUT, t, rows, middle);
        kernels.finishGradient(
                bottleneckGradient(t).rows(row, rows),
                bottleneck(t).rows(row, rows),
                middleStatistics,
                middleSums,
                w.rows(shape),
                dy);
        Matrix x = columns.features(t).rows(row, rows);
        Matrix z = normalized(t, row, rows);
        w.renormalize(t, x, affine1, z);
        Matrix dz = w.piece(MemoryPlan.ACTIVATION_GRADIENT, t, rows, inputs);
        kernels.multiplyBackward(dy, z, weight1, dz, w.gradient(weightName(1), t));
        kernels.reluBackwardAccumulate(
                dz,
                z,
                x,
                columns.inputStatistics,
                norm1.scale(),
                columns.accumulated(t).rows(row, rows),
                w.partialSums(t, inputs));
    }

    /** The same two kernels on the same tiles in the forward pass and in recomputation: the same bits. */
    private void bottleneckOutput(int t, boolean withMoments) {
        w.tiles(columns.features(t).rows(), (row, rows) -> {
            Matrix z = normalized(t, row, rows);
            Matrix y = bottleneck(t).rows(row, rows);
            kernels.normalizeRelu(columns.features(t).rows(row, rows), affine1, z);
            kernels.multiply(z, weight1, y);
            if (withMoments) {
                kernels.columnMoments(y, row, w.moments(t, shape, middle));
            }
        });
    }

    private Convolution convolution(int images) {
        return Convolution.same(images, shape, middle, columns.growth, 3, weight2);
    }

    private Matrix bottleneck(int t) {
        String buffer =
                level.keepsBottleneck() ? MemoryPlan.bottleneck(columns.block, columns.layer) : MemoryPlan.BOTTLENECK;
        return w.matrix(buffer, t, shape, middle);
    }

    private Matrix bottleneckGradient(int t) {
        return w.matrix(MemoryPlan.MAP_GRADIENT, t, shape, middle);
    }

    private Matrix normalized(int t, int row, int rows) {
        return level.keepsNormalized()
                ? w.matrix(MemoryPlan.normalized(columns.block, columns.layer), t, shape, inputs)
                        .rows(row, rows)
                : w.piece(MemoryPlan.NORMALIZED, t, rows, inputs);
    }

    private Matrix normalizedBottleneck(int t, int image, int images) {
        return level.keepsNormalized()
                ? columns.pixels(
                        w.matrix(MemoryPlan.bottleneckNormalized(columns.block, columns.layer), t, shape, middle),
                        image,
                        images)
                : w.piece(MemoryPlan.NORMALIZED, t, images * shape.pixels(), middle);
    }
}
