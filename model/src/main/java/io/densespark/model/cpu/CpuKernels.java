package io.densespark.model.cpu;

import io.densespark.model.kernels.Affine;
import io.densespark.model.kernels.BatchStatistics;
import io.densespark.model.kernels.ColumnSums;
import io.densespark.model.kernels.Convolution;
import io.densespark.model.kernels.Dropout;
import io.densespark.model.kernels.Kernels;
import io.densespark.model.kernels.Moments;
import io.densespark.model.kernels.Norm;
import io.densespark.model.network.ImageShape;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Vector;
import java.util.List;
import java.util.function.Consumer;

/** Java's passes where they are faster than the library's, the library's kernels for the rest. Memory must be the CPU's. */
public final class CpuKernels implements Kernels {
    /** Elements of an optimizer's piece: three of 128 KiB, and whole registers. */
    private static final int OPTIMIZER_PIECE = 1 << 15;

    private final Kernels library;
    private final MatrixProducts products;

    /**
     * @param library for what it is faster at, and for products of bfloat16
     * @param products of floats
     */
    public CpuKernels(Kernels library, MatrixProducts products) {
        this.library = library;
        this.products = products;
    }

    @Override
    public void takeWeights(List<Vector> ofConvolutions) {
        library.takeWeights(ofConvolutions);
    }

    @Override
    public void columnMoments(Matrix x, long before, Moments into) {
        ColumnPasses.moments(x, before, into);
    }

    @Override
    public void mergeMoments(List<Moments> parts, BatchStatistics into) {
        VectorPasses.mergeMoments(parts, into);
    }

    @Override
    public void updateRunningStatistics(BatchStatistics batch, Norm norm) {
        VectorPasses.updateRunningStatistics(batch, norm);
    }

    @Override
    public void batchAffine(BatchStatistics batch, Norm norm, Affine into) {
        VectorPasses.batchAffine(batch, norm, into);
    }

    @Override
    public void runningAffine(Norm norm, Affine into) {
        VectorPasses.runningAffine(norm, into);
    }

    @Override
    public void normalizeRelu(Matrix x, Affine affine, Matrix z) {
        ElementwisePasses.normalizeRelu(x, affine, z);
    }

    @Override
    public void multiply(Matrix z, Vector weight, Matrix y) {
        if (z.storage().type() != ElementType.FLOAT) {
            library.multiply(z, weight, y);
            return;
        }
        products.multiply(z, false, matrix(weight, y.columns()), true, false, y);
    }

    @Override
    public void multiplyBackward(Matrix dy, Matrix z, Vector weight, Matrix dz, Vector dWeight) {
        if (z.storage().type() != ElementType.FLOAT) {
            library.multiplyBackward(dy, z, weight, dz, dWeight);
            return;
        }
        products.multiply(dy, false, matrix(weight, dy.columns()), false, false, dz);
        products.multiply(dy, true, z, false, true, matrix(dWeight, dy.columns()));
    }

    private static Matrix matrix(Vector weight, int rows) {
        int columns = weight.length() / rows;
        return new Matrix(weight.storage(), weight.offset(), rows, columns, columns);
    }

    @Override
    public void convolve(Convolution convolution, Matrix x, Consumer<Matrix> y) {
        library.convolve(convolution, x, y);
    }

    @Override
    public void convolutionWeightGradient(Convolution convolution, Matrix dy, Matrix x, Vector dWeight) {
        library.convolutionWeightGradient(convolution, dy, x, dWeight);
    }

    @Override
    public void convolutionBackward(Convolution convolution, Matrix dy, Matrix x, Vector dWeight, Consumer<Matrix> dx) {
        library.convolutionBackward(convolution, dy, x, dWeight, dx);
    }

    @Override
    public void averagePool(Matrix z, int images, ImageShape image, Matrix y) {
        library.averagePool(z, images, image, y);
    }

    @Override
    public void averagePoolBackward(Matrix dy, int images, ImageShape image, Matrix dz) {
        library.averagePoolBackward(dy, images, image, dz);
    }

    @Override
    public void maxPool(Matrix z, int images, ImageShape image, Matrix y) {
        library.maxPool(z, images, image, y);
    }

    @Override
    public void maxPoolBackward(Matrix dy, Matrix z, int images, ImageShape image, Matrix dz) {
        library.maxPoolBackward(dy, z, images, image, dz);
    }

    @Override
    public void dropout(Matrix x, Dropout dropout) {
        ElementwisePasses.dropout(x, dropout);
    }

    @Override
    public void globalAverage(Matrix z, int images, Matrix y) {
        library.globalAverage(z, images, y);
    }

    @Override
    public void globalAverageBackward(Matrix dy, int images, Matrix dz) {
        library.globalAverageBackward(dy, images, dz);
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
        ColumnPasses.reluBackward(dz, x, affine, batch, scale, accumulated, true, sums);
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
        ColumnPasses.reluBackward(dz, x, affine, batch, scale, accumulated, false, sums);
    }

    @Override
    public void normGradients(List<ColumnSums> parts, Norm norm, ColumnSums deferred) {
        VectorPasses.normGradients(parts, norm, deferred);
    }

    @Override
    public void finishGradient(
            Matrix accumulated, Matrix x, BatchStatistics batch, ColumnSums deferred, long batchRows, Matrix dx) {
        ElementwisePasses.finishGradient(accumulated, x, batch, deferred, batchRows, dx);
    }

    @Override
    public void copy(Matrix source, Matrix target) {
        ElementwisePasses.copy(source, target);
    }

    @Override
    public void zero(Vector vector) {
        library.zero(vector);
    }

    @Override
    public void add(Vector source, Vector target) {
        library.add(source, target);
    }

    @Override
    public void scale(Vector vector, double factor) {
        library.scale(vector, factor);
    }

    @Override
    public void nesterovStep(Vector p, Vector g, Vector v, double rate, double momentum, double decay) {
        // Piece by piece, so that what one of the library's passes has written is in the cache for the next.
        for (int first = 0; first < p.length(); first += OPTIMIZER_PIECE) {
            int count = Math.min(OPTIMIZER_PIECE, p.length() - first);
            library.nesterovStep(
                    p.slice(first, count), g.slice(first, count), v.slice(first, count), rate, momentum, decay);
        }
    }
}
