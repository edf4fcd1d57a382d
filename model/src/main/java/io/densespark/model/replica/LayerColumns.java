package io.densespark.model.replica;

import io.densespark.model.kernels.BatchStatistics;
import io.densespark.model.kernels.ColumnSums;
import io.densespark.model.kernels.Dropout;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.plan.MemoryPlan;
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
    private final int total;

    /** @param blockStatistics of all columns of the block; this layer writes those of its new columns */
    LayerColumns(Workspace w, int block, int layer, BatchStatistics blockStatistics) {
        DenseNetSpec spec = w.settings.spec();
        this.w = w;
        this.block = block;
        this.layer = layer;
        shape = spec.blockShape(w.settings.image(), block);
        inputs = spec.layerInputChannels(block, layer);
        growth = spec.growthRate();
        total = spec.blockOutputChannels(block);
        name = ParameterLayout.layerName(block, layer);
        inputStatistics = blockStatistics.slice(0, inputs);
        newStatistics = blockStatistics.slice(inputs, growth);
    }

    /** What the layer reads, {@code [m, c]}. */
    Matrix features(int t) {
        return blockFeatures(t).columns(0, inputs);
    }

    /** Where the gradient of what the layer reads is accumulated, {@code [m, c]}. */
    Matrix accumulated(int t) {
        return blockAccumulated(t).columns(0, inputs);
    }

    /** Rows of some images. */
    Matrix pixels(Matrix map, int image, int images) {
        return map.rows(image * shape.pixels(), images * shape.pixels());
    }

    /** Takes the output of the layer's last convolution for some images; destroys it. */
    void enter(int t, Matrix y, int image) {
        if (w.training() && w.settings.spec().dropout() > 0) {
            w.kernels.dropout(y, dropout(t, image));
        }
        w.enter(t, shape, y, blockFeatures(t).columns(inputs, growth), image);
    }

    /** To be called once all workers have called {@link #enter} for all their images. */
    void entered() {
        if (w.training()) {
            w.mergeMoments(shape, growth, newStatistics);
        }
    }

    /** The gradient of what {@link #enter} took, {@code [pixels, k]}. */
    Matrix gradient(int t, int image, int images, ColumnSums blockSums) {
        Matrix dy = w.piece(MemoryPlan.OUTPUT, t, images * shape.pixels(), growth);
        w.kernels.finishGradient(
                pixels(blockAccumulated(t).columns(inputs, growth), image, images),
                pixels(blockFeatures(t).columns(inputs, growth), image, images),
                newStatistics,
                blockSums.slice(inputs, growth),
                w.rows(shape),
                dy);
        if (w.settings.spec().dropout() > 0) {
            w.kernels.dropout(dy, dropout(t, image));
        }
        return dy;
    }

    private Dropout dropout(int t, int image) {
        BatchPosition position = w.position();
        long place = (long) position.firstImage() + w.firstImage(t) + image;
        return new Dropout(
                w.settings.spec().dropout(),
                Dropout.key(position.seed(), position.epoch(), block, layer),
                place * shape.pixels() * growth);
    }

    private Matrix blockFeatures(int t) {
        return w.matrix(MemoryPlan.features(block), t, shape, total);
    }

    private Matrix blockAccumulated(int t) {
        return w.matrix(MemoryPlan.ACCUMULATED, t, shape, total);
    }
}
