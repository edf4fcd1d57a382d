package io.densespark.model.replica;

import io.densespark.model.kernels.Affine;
import io.densespark.model.kernels.BatchStatistics;
import io.densespark.model.kernels.ColumnSums;
import io.densespark.model.kernels.Convolution;
import io.densespark.model.kernels.Kernels;
import io.densespark.model.kernels.Norm;
import io.densespark.model.memory.Matrix;
import io.densespark.model.memory.MemoryPlan;
import io.densespark.model.memory.RecomputeLevel;
import io.densespark.model.memory.Vector;
import io.densespark.model.spec.DenseNetSpec;
import io.densespark.model.spec.ImageShape;
import io.densespark.model.spec.ParameterLayout;

/**
 * One bottleneck layer: norm1, ReLU, 1x1 convolution, norm2, ReLU, 3x3 convolution. It reads the first c columns of its
 * block's features and writes the next k (growth rate) in place, so nothing is ever concatenated.
 */
final class DenseLayer {
    private final Workspace w;
    private final Kernels kernels;
    private final RecomputeLevel level;
    private final int block;
    private final int layer;
    private final ImageShape shape;
    private final int inputs;
    private final int middle;
    private final int growth;
    private final String name;
    private final Norm norm1;
    private final Norm norm2;
    private final Vector weight1;
    private final Vector weight2;
    private final BatchStatistics inputStatistics;
    private final BatchStatistics newStatistics;
    private final BatchStatistics middleStatistics;
    private final Affine affine1;
    private final Affine affine2;

    /** @param blockStatistics of all columns of the block; this layer writes those of its new columns */
    DenseLayer(Workspace w, int block, int layer, BatchStatistics blockStatistics) {
        DenseNetSpec spec = w.settings.spec();
        this.w = w;
        this.kernels = w.kernels;
        this.level = w.settings.level();
        this.block = block;
        this.layer = layer;
        shape = spec.blockShape(w.settings.image(), block);
        inputs = spec.layerInputChannels(block, layer);
        middle = spec.bottleneckChannels();
        growth = spec.growthRate();
        name = ParameterLayout.layerName(block, layer);
        norm1 = w.norm(name + ".norm1");
        norm2 = w.norm(name + ".norm2");
        weight1 = w.parameter(name + ".conv1.weight");
        weight2 = w.parameter(name + ".conv2.weight");
        inputStatistics = blockStatistics.slice(0, inputs);
        newStatistics = blockStatistics.slice(inputs, growth);
        middleStatistics = w.statistics(MemoryPlan.bottleneckStatistics(block, layer), middle);
        affine1 = w.affine(0, inputs);
        affine2 = w.affine(1, middle);
    }

    void forward() {
        w.affine(inputStatistics, norm1, affine1);
        w.parallel(t -> bottleneckOutput(t, w.training()));
        if (w.training()) {
            w.mergeMoments(shape, middle, middleStatistics);
            kernels.updateRunningStatistics(inputStatistics, norm1);
            kernels.updateRunningStatistics(middleStatistics, norm2);
        }
        w.affine(middleStatistics, norm2, affine2);
        w.parallel(t -> w.chunks(t, shape, middle, (image, images) -> {
            Matrix z = normalizedBottleneck(t, image, images);
            kernels.normalizeRelu(pixels(bottleneck(t), image, images), affine2, z);
            kernels.convolve(convolution(images), z, y -> w.enter(t, shape, y, newFeatures(t), image));
        }));
        if (w.training()) {
            w.mergeMoments(shape, growth, newStatistics);
        }
    }

    /**
     * Finishes the gradient of this layer's new columns, whose consumers have all been through, and accumulates the
     * gradient of its inputs into the block's accumulator and {@code blockSums}.
     */
    void backward(ColumnSums blockSums) {
        kernels.batchAffine(inputStatistics, norm1, affine1);
        kernels.batchAffine(middleStatistics, norm2, affine2);
        ColumnSums middleSums = w.deferred(1, middle);
        w.zero(middleSums);
        w.parallel(t -> {
            if (!level.keepsBottleneck()) {
                bottleneckOutput(t, false);
            }
            w.clearPartialSums(t, middle);
            w.chunks(t, shape, middle, (image, images) -> convolutionBackward(t, image, images, blockSums));
        });
        kernels.normGradients(w.partialSums(middle), norm2, middleSums);
        w.parallel(t -> {
            w.clearPartialSums(t, inputs);
            w.tiles(features(t).rows(), (row, rows) -> multiplyBackward(t, row, rows, middleSums));
        });
        kernels.normGradients(w.partialSums(inputs), norm1, blockSums.slice(0, inputs));
    }

    /** From the new columns to the masked gradient of norm2's output, scaled, in the bottleneck's gradient buffer. */
    private void convolutionBackward(int t, int image, int images, ColumnSums blockSums) {
        int rows = images * shape.pixels();
        Matrix dy = w.piece(MemoryPlan.OUTPUT, t, rows, growth);
        kernels.finishGradient(
                pixels(accumulated(t).columns(inputs, growth), image, images),
                pixels(newFeatures(t), image, images),
                newStatistics,
                blockSums.slice(inputs, growth),
                w.rows(shape),
                dy);
        Matrix y = pixels(bottleneck(t), image, images);
        Matrix z = normalizedBottleneck(t, image, images);
        if (!level.keepsNormalized()) {
            kernels.normalizeRelu(y, affine2, z);
        }
        kernels.convolutionBackward(
                convolution(images),
                dy,
                z,
                w.gradient(name + ".conv2.weight", t),
                dz -> kernels.reluBackwardOverwrite(
                        dz,
                        z,
                        y,
                        middleStatistics,
                        norm2.scale(),
                        pixels(bottleneckGradient(t), image, images),
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
        Matrix x = features(t).rows(row, rows);
        Matrix z = normalized(t, row, rows);
        if (!level.keepsNormalized()) {
            kernels.normalizeRelu(x, affine1, z);
        }
        Matrix dz = w.piece(MemoryPlan.ACTIVATION_GRADIENT, t, rows, inputs);
        kernels.multiplyBackward(dy, z, weight1, dz, w.gradient(name + ".conv1.weight", t));
        kernels.reluBackwardAccumulate(
                dz,
                z,
                x,
                inputStatistics,
                norm1.scale(),
                accumulated(t).columns(0, inputs).rows(row, rows),
                w.partialSums(t, inputs));
    }

    /** The same two kernels on the same tiles in the forward pass and in recomputation: the same bits. */
    private void bottleneckOutput(int t, boolean withMoments) {
        w.tiles(features(t).rows(), (row, rows) -> {
            Matrix z = normalized(t, row, rows);
            Matrix y = bottleneck(t).rows(row, rows);
            kernels.normalizeRelu(features(t).rows(row, rows), affine1, z);
            kernels.multiply(z, weight1, y);
            if (withMoments) {
                kernels.columnMoments(y, row, w.moments(t, shape, middle));
            }
        });
    }

    private Convolution convolution(int images) {
        return new Convolution(images, shape, middle, growth, 3, weight2);
    }

    private Matrix pixels(Matrix map, int image, int images) {
        return map.rows(image * shape.pixels(), images * shape.pixels());
    }

    private Matrix blockFeatures(int t) {
        return w.matrix(MemoryPlan.features(block), t, shape, w.settings.spec().blockOutputChannels(block));
    }

    private Matrix features(int t) {
        return blockFeatures(t).columns(0, inputs);
    }

    private Matrix newFeatures(int t) {
        return blockFeatures(t).columns(inputs, growth);
    }

    private Matrix accumulated(int t) {
        return w.matrix(MemoryPlan.ACCUMULATED, t, shape, w.settings.spec().blockOutputChannels(block));
    }

    private Matrix bottleneck(int t) {
        String buffer = level.keepsBottleneck() ? MemoryPlan.bottleneck(block, layer) : MemoryPlan.BOTTLENECK;
        return w.matrix(buffer, t, shape, middle);
    }

    private Matrix bottleneckGradient(int t) {
        return w.matrix(MemoryPlan.BOTTLENECK_GRADIENT, t, shape, middle);
    }

    private Matrix normalized(int t, int row, int rows) {
        return level.keepsNormalized()
                ? w.matrix(MemoryPlan.normalized(block, layer), t, shape, inputs)
                        .rows(row, rows)
                : w.piece(MemoryPlan.NORMALIZED, t, rows, inputs);
    }

    private Matrix normalizedBottleneck(int t, int image, int images) {
        return level.keepsNormalized()
                ? pixels(w.matrix(MemoryPlan.bottleneckNormalized(block, layer), t, shape, middle), image, images)
                : w.piece(MemoryPlan.NORMALIZED, t, images * shape.pixels(), middle);
    }
}
