package io.densespark.model.replica;

import io.densespark.model.kernels.Affine;
import io.densespark.model.kernels.Kernels;
import io.densespark.model.kernels.Norm;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Vector;

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
        w.parallel(t -> w.chunks(t, from.shape, from.outputs, (image, images) -> {
            Matrix z = from.normalizedOutput(t, image, images);
            kernels.normalizeRelu(from.pixels(t, image, images), affine, z);
            Matrix y = w.piece(MemoryPlan.OUTPUT, t, images * to.shape.pixels(), to.inputs);
            kernels.multiply(pooled(t, z, images), weight, y);
            to.enter(t, y, image);
        }));
    }

    /** Takes the gradient of the next block's entrance to the accumulator of the block before. */
    void backward() {
        Affine affine = from.affineOf(norm);
        w.parallel(t -> {
            // All of it before the first chunk: both blocks accumulate in the same buffer.
            Matrix dy = w.matrix(MemoryPlan.MAP_GRADIENT, t, to.shape, to.inputs);
            to.entranceGradient(t, 0, dy);
            w.clearPartialSums(t, from.outputs);
            w.chunks(t, from.shape, from.outputs, (image, images) -> {
                Matrix dyOfChunk = dy.rows(image * to.shape.pixels(), images * to.shape.pixels());
                backward(t, image, images, dyOfChunk, affine);
            });
        });
    }

    private void backward(int t, int image, int images, Matrix dy, Affine affine) {
        Matrix z = from.normalizedOutput(t, image, images);
        w.renormalize(t, from.pixels(t, image, images), affine, z);
        Matrix dPooled = w.piece(MemoryPlan.POOLED_GRADIENT, t, dy.rows(), from.outputs);
        kernels.multiplyBackward(dy, pooled(t, z, images), weight, dPooled, w.gradient(weightName, t));
        Matrix dz = w.piece(MemoryPlan.ACTIVATION_GRADIENT, t, z.rows(), from.outputs);
        kernels.averagePoolBackward(dPooled, images, from.shape, dz);
        from.beginBackward(t, image * from.shape.pixels(), dz, z, norm);
    }

    Norm norm() {
        return norm;
    }

    private Matrix pooled(int t, Matrix z, int images) {
        Matrix pooled = w.piece(MemoryPlan.POOLED, t, images * to.shape.pixels(), from.outputs);
        kernels.averagePool(z, images, from.shape, pooled);
        return pooled;
    }
}
