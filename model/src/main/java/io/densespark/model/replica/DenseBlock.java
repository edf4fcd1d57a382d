package io.densespark.model.replica;

import io.densespark.model.kernels.Affine;
import io.densespark.model.kernels.BatchStatistics;
import io.densespark.model.kernels.ColumnSums;
import io.densespark.model.kernels.Norm;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.BufferRole;
import io.densespark.model.tensor.Matrix;
import java.util.ArrayList;
import java.util.List;

/**
 * A dense block: one feature matrix {@code [m, C]} to which each layer adds columns, with one mean and variance a column
 * for all the norms that read it.
 */
final class DenseBlock {
    final ImageShape shape;
    final int inputs;
    final int outputs;
    private final Workspace w;
    private final FeatureMap features;
    private final FeatureMap accumulated;
    private final NormalizedMap normalized;
    private final BatchStatistics statistics;
    private final List<DenseLayer> layers = new ArrayList<>();

    DenseBlock(Workspace w, int block) {
        DenseNetSpec spec = w.settings.spec();
        this.w = w;
        shape = spec.blockShape(w.settings.image(), block);
        inputs = spec.blockInputChannels(block);
        outputs = spec.blockOutputChannels(block);
        features = w.map(BufferRole.FEATURES.of(block), shape, outputs);
        accumulated = w.map(BufferRole.ACCUMULATED.id(), shape, outputs);
        normalized = new NormalizedMap(w, BufferRole.NORMALIZED_FEATURES.of(block), outputs);
        statistics = w.statistics(BufferRole.FEATURE_STATISTICS.of(block), outputs);
        for (int layer = 0; layer < spec.blocks().get(block); layer++) {
            LayerColumns columns = new LayerColumns(w, block, layer, features, accumulated, statistics);
            layers.add(spec.hasBottleneck() ? new BottleneckLayer(w, columns) : new BasicLayer(w, columns));
        }
    }

    /**
     * Normalizes the features of some images of a worker for the block's only reader outside, a transition or the head.
     *
     * @return the normalized activations
     */
    Matrix normalize(int t, int image, int images, Affine affine) {
        return normalized.normalize(t, image * shape.pixels(), features.pixels(t, image, images), affine);
    }

    /** What {@link #normalize} gave, in the backward pass. */
    Matrix normalizedAgain(int t, int image, int images, Affine affine) {
        return normalized.again(t, image * shape.pixels(), features.pixels(t, image, images), affine);
    }

    private Matrix entrance(int t) {
        return features.of(t).columns(0, inputs);
    }

    /** Takes what enters the block, {@code [pixels, inputs]} of the images from {@code image} on, in their order. */
    void enter(int t, Matrix y, int image) {
        w.enter(t, shape, y, entrance(t), image);
    }

    /** All layers, once all workers have called {@link #enter} for all their images. */
    void forward() {
        if (w.training()) {
            w.mergeMoments(shape, inputs, statistics.slice(0, inputs));
        }
        layers.forEach(DenseLayer::forward);
    }

    /**
     * Scale and shift of the norm that reads this block's features, the next transition's or the head's, for the forward
     * pass; in training its running statistics are moved.
     */
    Affine affineOf(Norm norm) {
        Affine affine = w.affine(0, outputs);
        w.affine(statistics, norm, affine);
        return affine;
    }

    /** The same scale and shift once more, for the backward pass. */
    Affine affineAgain(Norm norm) {
        Affine affine = w.affine(0, outputs);
        w.kernels.batchAffine(statistics, norm, affine);
        return affine;
    }

    /**
     * The first consumer's gradient: masks dz {@code [rows, C]} and begins the accumulator with it, for the rows from {@code
     * row} on. Both dz and z are destroyed. The worker began its sums before its first call.
     *
     * @param affine under which z was normalized
     */
    void beginBackward(int t, int row, Matrix dz, Matrix z, Affine affine, Norm norm) {
        w.kernels.reluBackwardOverwrite(
                dz,
                z,
                features.rows(t, row, dz.rows()),
                affine,
                statistics,
                norm.scale(),
                accumulated.rows(t, row, dz.rows()),
                w.partialSums(t, outputs));
    }

    /** The layers' backward passes, once {@link #beginBackward} was called by all workers for {@code consumer}. */
    void backward(Norm consumer) {
        ColumnSums sums = w.deferred(0, outputs);
        w.kernels.firstNormGradients(w.partialSums(outputs), consumer, sums);
        for (int layer = layers.size() - 1; layer >= 0; layer--) {
            layers.get(layer).backward(sums);
        }
    }

    /** The gradient of the rows of {@link #entrance} from {@code row} on, after {@link #backward}: overwrites dx. */
    void entranceGradient(int t, int row, Matrix dx) {
        w.kernels.finishGradient(
                accumulated.rows(t, row, dx.rows()).columns(0, inputs),
                entrance(t).rows(row, dx.rows()),
                statistics.slice(0, inputs),
                w.deferred(0, outputs).slice(0, inputs),
                w.rows(shape),
                dx);
    }
}
