package io.densespark.benchmark.pass;

import io.densespark.model.kernels.Affine;
import io.densespark.model.kernels.Backend;
import io.densespark.model.kernels.BatchStatistics;
import io.densespark.model.kernels.ColumnSums;
import io.densespark.model.kernels.Convolution;
import io.densespark.model.kernels.Kernels;
import io.densespark.model.kernels.Moments;
import io.densespark.model.libtorch.LibTorch;
import io.densespark.model.plan.Tiling;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Precision;
import io.densespark.model.tensor.Storage;
import io.densespark.model.tensor.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** What a worker has of one layer: memory of its own, and the backend, which keeps to the worker's thread. */
final class PassOperands implements AutoCloseable {
    private static final long SEED = 42;

    final PassShape shape;

    private final List<Storage> storages = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Backend backend;
    private final Tiling tiling;

    /** The block's map {@code [m, channels]}, and the gradients accumulated for it. */
    private final Matrix map;

    private final Matrix accumulated;

    /** The bottleneck's output {@code [m, 4k]}, and its gradient. */
    final Matrix bottleneck;

    final Matrix bottleneckGradient;

    /** The layer's own new columns {@code [m, k]}, without gaps. */
    final Matrix growth;

    /** Of a piece, {@code [rows, inputs]}. */
    private final Storage activations;

    private final Storage activationGradients;

    /** Of a piece of the bottleneck, {@code [rows, 4k]}. */
    private final Storage piece;

    final Affine inputAffine;
    final Affine bottleneckAffine;
    final BatchStatistics inputStatistics;
    final BatchStatistics bottleneckStatistics;
    final BatchStatistics growthStatistics;
    final ColumnSums inputSums;
    final ColumnSums bottleneckSums;
    final ColumnSums growthSums;
    final Moments moments;
    final Vector inputScale;
    final Vector bottleneckScale;
    final Vector pointWeight;
    final Vector pointWeightGradient;
    final Vector imageWeight;
    final Vector imageWeightGradient;

    /** To be called by the worker's thread. */
    PassOperands(PassShape shape, Precision precision) {
        this.shape = shape;
        backend = LibTorch.open(precision);
        backend.enterThread();
        ElementType maps = precision.maps();
        tiling = Tiling.of(Device.Kind.CPU, maps);
        int rows = shape.rows();
        int pieceRows = Math.min(rows, tiling.rows());
        map = matrix(maps, rows, shape.channels());
        accumulated = matrix(ElementType.FLOAT, rows, shape.channels());
        bottleneck = matrix(maps, rows, shape.bottleneck());
        bottleneckGradient = matrix(maps, rows, shape.bottleneck());
        growth = matrix(maps, rows, shape.growthRate());
        activations = matrix(maps, pieceRows, shape.inputs()).storage();
        activationGradients = matrix(maps, pieceRows, shape.inputs()).storage();
        piece = matrix(maps, pieceRows, shape.bottleneck()).storage();
        inputAffine = new Affine(vector(shape.inputs()), vector(shape.inputs()));
        bottleneckAffine = new Affine(vector(shape.bottleneck()), vector(shape.bottleneck()));
        inputStatistics = statistics(shape.inputs());
        bottleneckStatistics = statistics(shape.bottleneck());
        growthStatistics = statistics(shape.growthRate());
        inputSums = new ColumnSums(zeros(shape.inputs()), zeros(shape.inputs()));
        bottleneckSums = new ColumnSums(zeros(shape.bottleneck()), zeros(shape.bottleneck()));
        growthSums = new ColumnSums(zeros(shape.growthRate()), zeros(shape.growthRate()));
        moments = new Moments(0, zeros(shape.bottleneck()), zeros(shape.bottleneck()));
        inputScale = vector(shape.inputs());
        bottleneckScale = vector(shape.bottleneck());
        // As a replica's they lie one after another.
        int point = shape.inputs() * shape.bottleneck();
        int image = 9 * shape.bottleneck() * shape.growthRate();
        Vector all = vector(point + image);
        Vector gradients = vector(point + image);
        pointWeight = all.slice(0, point);
        imageWeight = all.slice(point, image);
        pointWeightGradient = gradients.slice(0, point);
        imageWeightGradient = gradients.slice(point, image);
        backend.kernels().takeWeights(List.of(pointWeight, imageWeight));
    }

    @Override
    public void close() {
        storages.forEach(Storage::close);
        backend.close();
    }

    Kernels kernels() {
        return backend.kernels();
    }

    /** The layer's input, {@code [m, inputs]}. */
    Matrix inputs() {
        return map.columns(0, shape.inputs());
    }

    Matrix accumulatedOfInputs() {
        return accumulated.columns(0, shape.inputs());
    }

    /** The columns of the map that the layer adds, {@code [m, k]}. */
    Matrix added() {
        return map.columns(shape.inputs(), shape.growthRate());
    }

    Matrix accumulatedOfAdded() {
        return accumulated.columns(shape.inputs(), shape.growthRate());
    }

    Matrix activations(int rows) {
        return Matrix.contiguous(activations, rows, shape.inputs());
    }

    Matrix activationGradients(int rows) {
        return Matrix.contiguous(activationGradients, rows, shape.inputs());
    }

    Matrix piece(int rows) {
        return Matrix.contiguous(piece, rows, shape.bottleneck());
    }

    /** A pass over some rows or images. */
    interface Piece {
        void run(int first, int count);
    }

    /** Piece by piece, as a worker goes through its rows. */
    void pieces(Piece pass) {
        for (int row = 0; row < shape.rows(); row += tiling.rows()) {
            pass.run(row, Math.min(tiling.rows(), shape.rows() - row));
        }
    }

    /** As many images at a time as a worker takes for the 3x3 convolution. */
    void chunks(Piece pass) {
        int most = tiling.images(shape.image(), shape.bottleneck());
        for (int image = 0; image < shape.images(); image += most) {
            pass.run(image, Math.min(most, shape.images() - image));
        }
    }

    Convolution convolution(int images) {
        return Convolution.same(images, shape.image(), shape.bottleneck(), shape.growthRate(), 3, imageWeight);
    }

    /** The rows of some images. */
    Matrix ofImages(Matrix matrix, int first, int images) {
        int pixels = shape.image().pixels();
        return matrix.rows(first * pixels, images * pixels);
    }

    private Matrix matrix(ElementType type, int rows, int columns) {
        return Matrix.contiguous(storage(type, rows * columns), rows, columns);
    }

    private Vector vector(int length) {
        return new Vector(storage(ElementType.FLOAT, length), 0, length);
    }

    private Storage storage(ElementType type, int elements) {
        Storage storage = backend.allocate(type, elements);
        float[] values = new float[elements];
        for (int i = 0; i < elements; i++) {
            values[i] = (float) (random.nextDouble() - 0.5);
        }
        storage.write(0, values, 0, elements);
        storages.add(storage);
        return storage;
    }

    private BatchStatistics statistics(int columns) {
        return new BatchStatistics(doubles(columns, 0), doubles(columns, 1), doubles(columns, 1));
    }

    private Vector zeros(int length) {
        return doubles(length, 0);
    }

    private Vector doubles(int length, double value) {
        Storage storage = backend.allocate(ElementType.DOUBLE, length);
        double[] values = new double[length];
        Arrays.fill(values, value);
        storage.write(0, values, length);
        storages.add(storage);
        return new Vector(storage, 0, length);
    }
}
