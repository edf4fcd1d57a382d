package io.densespark.model.replica;

import io.densespark.model.kernels.Affine;
import io.densespark.model.kernels.Kernels;
import io.densespark.model.kernels.Norm;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.plan.BufferRole;
import io.densespark.model.tensor.Matrix;

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
    private final Weight weight;
    private final FeatureMap gradient;
    private final PieceBuffer outputPiece;
    private final PieceBuffer gradientPiece;
    private final PieceBuffer pooledGradientPiece;

    Transition(Workspace w, int block, DenseBlock from, DenseBlock to) {
        String name = ParameterLayout.transitionName(block);
        this.w = w;
        this.kernels = w.kernels;
        this.from = from;
        this.to = to;
        norm = w.norm(name + ".norm");
        weight = w.weight(name + ".conv.weight");
        gradient = w.map(BufferRole.MAP_GRADIENT.id(), to.shape, to.inputs);
        outputPiece = w.piece(BufferRole.OUTPUT_PIECE.id());
        gradientPiece = w.piece(BufferRole.ACTIVATION_GRADIENT_PIECE.id());
        pooledGradientPiece = w.piece(BufferRole.POOLED_GRADIENT_PIECE.id());
    }

    void forward() {
        Affine affine = from.affineOf(norm);
        w.parallel(t -> w.chunks(t, from.shape, from.outputs, (image, images) -> {
            Matrix z = from.normalize(t, image, images, affine);
            Matrix y = outputPiece.of(t, images * to.shape.pixels(), to.inputs);
            kernels.multiply(pooled(t, z, images), weight.value(), y);
            to.enter(t, y, image);
        }));
    }

    /** Takes the gradient of the next block's entrance to the accumulator of the block before. */
    void backward() {
        Affine affine = from.affineAgain(norm);
        w.parallel(t -> {
            // All of it before the first chunk: both blocks accumulate in the same buffer.
            Matrix dy = gradient.of(t);
            to.entranceGradient(t, 0, dy);
            w.beginSums(t, from.outputs);
            w.chunks(t, from.shape, from.outputs, (image, images) -> {
                Matrix dyOfChunk = dy.rows(image * to.shape.pixels(), images * to.shape.pixels());
                backward(t, image, images, dyOfChunk, affine);
            });
        });
        w.sumGradient(weight);
    }

    private void backward(int t, int image, int images, Matrix dy, Affine affine) {
        Matrix z = from.normalizedAgain(t, image, images, affine);
        Matrix dPooled = pooledGradientPiece.of(t, dy.rows(), from.outputs);
        kernels.multiplyBackward(dy, pooled(t, z, images), weight.value(), dPooled, weight.gradient(t));
        Matrix dz = gradientPiece.of(t, z.rows(), from.outputs);
        kernels.averagePoolBackward(dPooled, images, from.shape, dz);
        from.beginBackward(t, image * from.shape.pixels(), dz, z, affine, norm);
    }

    Norm norm() {
        return norm;
    }

    /** In the piece of the gradient of z, which is wanted only when this was multiplied. */
    private Matrix pooled(int t, Matrix z, int images) {
        Matrix pooled = gradientPiece.of(t, images * to.shape.pixels(), from.outputs);
        kernels.averagePool(z, images, from.shape, pooled);
        return pooled;
    }
}
