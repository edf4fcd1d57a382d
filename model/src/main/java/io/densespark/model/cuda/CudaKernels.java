package io.densespark.model.cuda;

import io.densespark.model.kernels.Affine;
import io.densespark.model.kernels.BatchStatistics;
import io.densespark.model.kernels.ColumnSums;
import io.densespark.model.kernels.Convolution;
import io.densespark.model.kernels.DeviceLoss;
import io.densespark.model.kernels.Dropout;
import io.densespark.model.kernels.Kernels;
import io.densespark.model.kernels.Mark;
import io.densespark.model.kernels.Moments;
import io.densespark.model.kernels.Norm;
import io.densespark.model.kernels.Program;
import io.densespark.model.network.ImageShape;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Vector;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** Passes on a GPU. They are started in the order of the calls, and a call doesn't wait for what it started. */
final class CudaKernels implements Kernels {
    private final Stream stream;
    private final Download download;
    private final TimedEvents times;
    private final TakenDropouts dropouts;
    private final MatrixPasses elements;
    private final ColumnPasses columns;
    private final RowSums rows;
    private final PoolPasses pools;
    private final Products products;
    private final Convolutions convolutions;
    private final Optional<RoundedWeights> weights;
    private final IntFunction<DeviceLoss> losses;

    /** @param weights if products are of bfloat16 */
    CudaKernels(
            Stream stream,
            Download download,
            TimedEvents times,
            TakenDropouts dropouts,
            Launcher launcher,
            Scratch parts,
            Products products,
            Convolutions convolutions,
            Optional<RoundedWeights> weights,
            IntFunction<DeviceLoss> losses) {
        this.stream = stream;
        this.download = download;
        this.times = times;
        this.dropouts = dropouts;
        elements = new MatrixPasses(launcher);
        columns = new ColumnPasses(launcher);
        rows = new RowSums(launcher, parts);
        pools = new PoolPasses(launcher, parts);
        this.products = products;
        this.convolutions = convolutions;
        this.weights = weights;
        this.losses = losses;
    }

    @Override
    public Program record(Runnable passes) {
        return new StepGraph(stream, passes);
    }

    @Override
    public void takeWeights(List<Vector> ofConvolutions) {
        weights.ifPresent(copy -> copy.take(ofConvolutions));
    }

    @Override
    public void finish() {
        stream.await();
    }

    @Override
    public Mark mark() {
        return times.mark();
    }

    @Override
    public Supplier<Float> first(Vector vector) {
        return download.take(DeviceAddress.address(vector), Float.BYTES, ByteBuffer::getFloat);
    }

    @Override
    public void columnMoments(Matrix x, long before, Moments into) {
        requireAll(before);
        rows.moments(x);
    }

    @Override
    public void copyWithMoments(Matrix source, Matrix target, long before, Moments into) {
        requireAll(before);
        rows.copyMoments(source, target);
    }

    private static void requireAll(long before) {
        if (before > 0) {
            throw new IllegalArgumentException("a GPU takes all rows of a batch at once");
        }
    }

    @Override
    public void mergeMoments(List<Moments> parts, BatchStatistics into) {
        requireOne(parts);
        rows.finishMoments(into);
    }

    @Override
    public void mergeMoments(List<Moments> parts, BatchStatistics into, Norm norm, Affine affine) {
        requireOne(parts);
        rows.finishMoments(into, norm, affine);
    }

    @Override
    public void trainingAffine(BatchStatistics batch, Norm norm, Affine into) {
        columns.trainingAffine(batch, norm, into);
    }

    /** A replica on a GPU has one worker. */
    private static void requireOne(List<?> parts) {
        if (parts.size() != 1) {
            throw new IllegalArgumentException(parts.size() + " workers on a GPU");
        }
    }

    @Override
    public void updateRunningStatistics(BatchStatistics batch, Norm norm) {
        columns.updateRunningStatistics(batch, norm);
    }

    @Override
    public void batchAffine(BatchStatistics batch, Norm norm, Affine into) {
        columns.batchAffine(batch, norm, into);
    }

    @Override
    public void runningAffine(Norm norm, Affine into) {
        columns.runningAffine(norm, into);
    }

    @Override
    public void normalizeRelu(Matrix x, Affine affine, Matrix z) {
        elements.normalizeRelu(x, affine, z);
    }

    @Override
    public void multiply(Matrix z, Vector weight, Matrix y) {
        products.multiply(z, weight, y);
    }

    @Override
    public void multiplyBackward(Matrix dy, Matrix z, Vector weight, Matrix dz, Vector dWeight) {
        products.multiplyBackward(dy, z, weight, dz, dWeight);
    }

    @Override
    public void convolve(Convolution convolution, Matrix x, Consumer<Matrix> y) {
        convolutions.convolve(convolution, x, y);
    }

    @Override
    public void convolutionWeightGradient(Convolution convolution, Matrix dy, Matrix x, Vector dWeight) {
        convolutions.weightGradient(convolution, dy, x, dWeight);
    }

    @Override
    public void convolutionBackward(Convolution convolution, Matrix dy, Matrix x, Vector dWeight, Consumer<Matrix> dx) {
        convolutions.backward(convolution, dy, x, dWeight, dx);
    }

    @Override
    public void averagePool(Matrix z, int images, ImageShape image, Matrix y) {
        pools.pool(Pass.AVERAGE_POOL, z, image, y);
    }

    @Override
    public void averagePoolBackward(Matrix dy, int images, ImageShape image, Matrix dz) {
        pools.pool(Pass.AVERAGE_POOL_BACKWARD, dy, image, dz);
    }

    @Override
    public void maxPool(Matrix z, int images, ImageShape image, Matrix y) {
        pools.pool(Pass.MAX_POOL, z, image, y);
    }

    @Override
    public void maxPoolBackward(Matrix dy, Matrix z, int images, ImageShape image, Matrix dz) {
        pools.maxPoolBackward(dy, z, image, dz);
    }

    @Override
    public void takeDropouts(List<Dropout> ofLayers) {
        dropouts.take(ofLayers);
    }

    @Override
    public void dropout(Matrix x, Dropout dropout) {
        elements.dropout(x, dropout, dropouts);
    }

    @Override
    public void globalAverage(Matrix z, int images, Matrix y) {
        pools.globalAverage(z, images, y);
    }

    @Override
    public void globalAverageBackward(Matrix dy, int images, Matrix dz) {
        pools.globalAverageBackward(dy, images, dz);
    }

    @Override
    public void reluBackwardAccumulate(
            Matrix dz,
            Matrix z,
            Matrix x,
            Affine affine,
            BatchStatistics batch,
            Vector scale,
            Matrix accumulated,
            ColumnSums sums) {
        rows.reluBackward(Pass.RELU_BACKWARD_ADD, dz, x, affine, batch, scale, accumulated);
    }

    @Override
    public void reluBackwardOverwrite(
            Matrix dz,
            Matrix z,
            Matrix x,
            Affine affine,
            BatchStatistics batch,
            Vector scale,
            Matrix accumulated,
            ColumnSums sums) {
        rows.reluBackward(Pass.RELU_BACKWARD_SET, dz, x, affine, batch, scale, accumulated);
    }

    @Override
    public void normGradients(List<ColumnSums> parts, Norm norm, ColumnSums deferred) {
        requireOne(parts);
        rows.normGradients(norm, deferred, true);
    }

    @Override
    public void firstNormGradients(List<ColumnSums> parts, Norm norm, ColumnSums deferred) {
        requireOne(parts);
        rows.normGradients(norm, deferred, false);
    }

    @Override
    public void beginSums(ColumnSums sums) {
        rows.beginSums();
    }

    @Override
    public void finishGradient(
            Matrix accumulated, Matrix x, BatchStatistics batch, ColumnSums deferred, long batchRows, Matrix dx) {
        elements.finishGradient(accumulated, x, batch, deferred, batchRows, dx);
    }

    @Override
    public Optional<DeviceLoss> deviceLoss(int batch) {
        return Optional.of(losses.apply(batch));
    }

    @Override
    public void copy(Matrix source, Matrix target) {
        elements.copy(source, target);
    }

    @Override
    public void zero(Vector vector) {
        long bytes = (long) vector.length() * vector.storage().type().bytes();
        stream.zero(DeviceAddress.address(vector), bytes);
    }

    @Override
    public void add(Vector source, Vector target) {
        elements.add(source, target);
    }

    @Override
    public void scale(Vector vector, double factor) {
        elements.scale(vector, factor);
    }

    @Override
    public void nesterovStep(Vector p, Vector g, Vector v, double rate, double momentum, double decay) {
        elements.nesterovStep(p, g, v, rate, momentum, decay);
    }
}
