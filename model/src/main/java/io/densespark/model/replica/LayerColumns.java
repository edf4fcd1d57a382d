package io.densespark.model.replica;

import io.densespark.model.kernels.BatchStatistics;
import io.densespark.model.kernels.ColumnSums;
import io.densespark.model.kernels.Dropout;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.plan.BufferRole;
import io.densespark.model.tensor.Matrix;

/** A layer's place in its block: the first c columns, which it reads, and the next k (growth rate), which it writes. */
final class LayerColumns {
    final ImageShape shape;
    final int block;
    final int layer;
    final int inputs;
    final int growth;
    final String name;
    final BatchStatistics inputStatistics;
    private final BatchStatistics newStatistics;
    private final Workspace w;
    private final FeatureMap blockFeatures;
    private final FeatureMap blockAccumulated;
    private final PieceBuffer outputPiece;

    /**
     * @param blockFeatures all columns of the block
     * @param blockAccumulated the gradients of all columns of the block
     * @param blockStatistics of all columns of the block; this layer writes those of its new columns
     */
    LayerColumns(
            Workspace w,
            int block,
            int layer,
            FeatureMap blockFeatures,
            FeatureMap blockAccumulated,
            BatchStatistics blockStatistics) {
        DenseNetSpec spec = w.settings.spec();
        this.w = w;
        this.block = block;
        this.layer = layer;
        shape = spec.blockShape(w.settings.image(), block);
        inputs = spec.layerInputChannels(block, layer);
        growth = spec.growthRate();
        this.blockFeatures = blockFeatures;
        this.blockAccumulated = blockAccumulated;
        outputPiece = w.piece(BufferRole.OUTPUT_PIECE.id());
        name = ParameterLayout.layerName(block, layer);
        inputStatistics = blockStatistics.slice(0, inputs);
        newStatistics = blockStatistics.slice(inputs, growth);
    }

    /** What the layer reads, {@code [m, c]}. */
    Matrix features(int t) {
        return blockFeatures.of(t).columns(0, inputs);
    }

    /** Where the gradient of what the layer reads is accumulated, {@code [m, c]}. */
    Matrix accumulated(int t) {
        return blockAccumulated.of(t).columns(0, inputs);
    }

    /** The first row of an image. */
    int row(int image) {
        return image * shape.pixels();
    }

    /** Rows of some images. */
    Matrix pixels(Matrix map, int image, int images) {
        return map.rows(row(image), images * shape.pixels());
    }

    /** Takes the output of the layer's last convolution for some images; destroys it. */
    void enter(int t, Matrix y, int image) {
        if (w.training() && !w.dropouts.isNone()) {
            w.kernels.dropout(y, dropout(t, image));
        }
        w.enter(t, shape, y, blockFeatures.of(t).columns(inputs, growth), image);
    }

    /** To be called once all workers have called {@link #enter} for all their images. */
    void entered() {
        if (w.training()) {
            w.mergeMoments(shape, growth, newStatistics);
        }
    }

    /** The gradient of what {@link #enter} took, {@code [pixels, k]}. */
    Matrix gradient(int t, int image, int images, ColumnSums blockSums) {
        Matrix dy = outputPiece.of(t, images * shape.pixels(), growth);
        w.kernels.finishGradient(
                pixels(blockAccumulated.of(t).columns(inputs, growth), image, images),
                pixels(blockFeatures.of(t).columns(inputs, growth), image, images),
                newStatistics,
                blockSums.slice(inputs, growth),
                w.rows(shape),
                dy);
        if (!w.dropouts.isNone()) {
            w.kernels.dropout(dy, dropout(t, image));
        }
        return dy;
    }

    private Dropout dropout(int t, int image) {
        return w.dropouts.of(w.position(), block, layer, w.firstImage(t) + image);
    }
}
