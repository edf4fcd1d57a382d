package io.densespark.model.replica;

import io.densespark.model.kernels.Affine;
import io.densespark.model.kernels.Kernels;
import io.densespark.model.kernels.Norm;
import io.densespark.model.memory.Matrix;
import io.densespark.model.memory.MemoryPlan;
import io.densespark.model.memory.Vector;
import io.densespark.model.spec.ParameterLayout;

/**
 * Norm, ReLU, 1x1 convolution and 2x2 average pooling between two blocks. A 1x1 convolution and an average commute, so
 * it pools first and multiplies a quarter of the rows.
 */
final class Transition {
    private final Workspace w;
    private final Kernels kernels;
    private final DenseBlock from;
    private final DenseBlock to;
    private final Norm norm;
    private final String weightName;
    private final Vector weight;

    Transition(Workspace w, int block, DenseBlock from, DenseBlock to) {
        String name = ParameterLayout.transitionName(block);
        this.w = w;
        this.kernels = w.kernels;
        this.from = from;
        this.to = to;
        norm = w.norm(name + ".norm");
        weightName = name + ".conv.weight";
        weight = w.parameter(weightName);
    }

    void forward() {
        Affine affine = from.affineOf(norm);
        from.updateRunningStatistics(norm);
        w.parallel(t -> {
            kernels.multiply(pooled(t, affine), weight, to.entrance(t));
            to.entered(t);
        });
    }

    /** Takes the gradient of the next block's entrance to the accumulator of the block before. */
    void backward() {
        Affine affine = from.affineOf(norm);
        w.parallel(t -> {
            Matrix dy = to.entranceGradient(t);
            Matrix pooled = pooled(t, affine);
            Matrix dPooled = w.matrix(MemoryPlan.POOLED_GRADIENT, t, to.shape, from.outputs);
            kernels.multiplyBackward(dy, pooled, weight, dPooled, w.gradient(weightName, t));
            Matrix dz = w.matrix(MemoryPlan.ACTIVATION_GRADIENT, t, from.shape, from.outputs);
            kernels.averagePoolBackward(dPooled, w.images(t), from.shape, dz);
            from.beginBackward(t, dz, normalized(t), norm);
        });
    }

    Norm norm() {
        return norm;
    }

    private Matrix pooled(int t, Affine affine) {
        kernels.normalizeRelu(from.features(t), affine, normalized(t));
        Matrix pooled = w.matrix(MemoryPlan.POOLED, t, to.shape, from.outputs);
        kernels.averagePool(normalized(t), w.images(t), from.shape, pooled);
        return pooled;
    }

    private Matrix normalized(int t) {
        return w.matrix(MemoryPlan.NORMALIZED, t, from.shape, from.outputs);
    }
}
