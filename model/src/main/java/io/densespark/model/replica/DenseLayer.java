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
        w.parallel(t -> {
            bottleneckOutput(t);
            if (w.training()) {
                kernels.columnMoments(bottleneck(t), w.moments(t, shape, middle));
            }
        });
        if (w.training()) {
            w.mergeMoments(shape, middle, middleStatistics);
            kernels.updateRunningStatistics(inputStatistics, norm1);
            kernels.updateRunningStatistics(middleStatistics, norm2);
        }
        w.affine(middleStatistics, norm2, affine2);
        w.parallel(t -> {
            kernels.normalizeRelu(bottleneck(t), affine2, normalizedBottleneck(t));
            kernels.convolve(convolution(t), normalizedBottleneck(t), newFeatures(t));
            if (w.training()) {
                kernels.columnMoments(newFeatures(t), w.moments(t, shape, growth));
            }
        });
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
            Matrix dy = w.matrix(MemoryPlan.FEATURE_GRADIENT, t, shape, growth);
            kernels.finishGradient(
                    accumulated(t).columns(inputs, growth),
                    newFeatures(t),
                    newStatistics,
                    blockSums.slice(inputs, growth),
                    w.rows(shape),
                    dy);
            recomputeMiddle(t);
            Matrix dz = w.matrix(MemoryPlan.BOTTLENECK_GRADIENT, t, shape, middle);
            kernels.convolutionBackward(
                    convolution(t), dy, normalizedBottleneck(t), dz, w.gradient(name + ".conv2.weight", t));
            kernels.reluBackwardOverwrite(
                    dz,
                    normalizedBottleneck(t),
                    bottleneck(t),
                    middleStatistics,
                    norm2.scale(),
                    dz,
                    w.partialSums(t, middle));
        });
        kernels.normGradients(w.partialSums(middle), norm2, middleSums);
        w.parallel(t -> {
            // The normalized bottleneck is spent: its buffer takes the gradient of the bottleneck's output.
            Matrix dy = normalizedBottleneck(t);
            kernels.finishGradient(
                    w.matrix(MemoryPlan.BOTTLENECK_GRADIENT, t, shape, middle),
                    bottleneck(t),
                    middleStatistics,
                    middleSums,
                    w.rows(shape),
                    dy);
            if (level == RecomputeLevel.ACTIVATIONS) {
                kernels.normalizeRelu(features(t), affine1, normalized(t));
            }
            Matrix dz = w.matrix(MemoryPlan.ACTIVATION_GRADIENT, t, shape, inputs);
            kernels.multiplyBackward(dy, normalized(t), weight1, dz, w.gradient(name + ".conv1.weight", t));
            kernels.reluBackwardAccumulate(
                    dz,
                    normalized(t),
                    features(t),
                    inputStatistics,
                    norm1.scale(),
                    accumulated(t).columns(0, inputs),
                    w.partialSums(t, inputs));
        });
        kernels.normGradients(w.partialSums(inputs), norm1, blockSums.slice(0, inputs));
    }

    private void recomputeMiddle(int t) {
        if (!level.keepsBottleneck()) {
            bottleneckOutput(t);
        }
        if (!level.keepsNormalized()) {
            kernels.normalizeRelu(bottleneck(t), affine2, normalizedBottleneck(t));
        }
    }

    /** The same two kernels on the same rows in the forward pass and in recomputation: the same bits. */
    private void bottleneckOutput(int t) {
        kernels.normalizeRelu(features(t), affine1, normalized(t));
        kernels.multiply(normalized(t), weight1, bottleneck(t));
    }

    private Convolution convolution(int t) {
        return new Convolution(w.images(t), shape, middle, growth, 3, weight2);
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

    private Matrix normalized(int t) {
        String buffer = level.keepsNormalized() ? MemoryPlan.normalized(block, layer) : MemoryPlan.NORMALIZED;
        return w.matrix(buffer, t, shape, inputs);
    }

    private Matrix bottleneck(int t) {
        String buffer = level.keepsBottleneck() ? MemoryPlan.bottleneck(block, layer) : MemoryPlan.BOTTLENECK;
        return w.matrix(buffer, t, shape, middle);
    }

    private Matrix normalizedBottleneck(int t) {
        String buffer = level.keepsNormalized()
                ? MemoryPlan.bottleneckNormalized(block, layer)
                : MemoryPlan.BOTTLENECK_NORMALIZED;
        return w.matrix(buffer, t, shape, middle);
    }
}
