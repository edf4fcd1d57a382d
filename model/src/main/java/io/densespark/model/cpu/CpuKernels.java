package io.densespark.model.cpu;

import io.densespark.model.kernels.Affine;
import io.densespark.model.kernels.BatchStatistics;
import io.densespark.model.kernels.ColumnSums;
import io.densespark.model.kernels.Convolution;
import io.densespark.model.kernels.Kernels;
import io.densespark.model.kernels.Moments;
import io.densespark.model.kernels.Norm;
import io.densespark.model.memory.Matrix;
import io.densespark.model.memory.Vector;
import io.densespark.model.spec.ImageShape;
import java.util.List;

/** Java's passes where they are faster than the library's, the library's kernels for the rest. Memory must be the CPU's. */
public final class CpuKernels implements Kernels {
    private final Kernels library;

    public CpuKernels(Kernels library) {
        this.library = library;
    }

    @Override
    public void columnMoments(Matrix x, Moments into) {
        ColumnPasses.moments(x, into);
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
        library.multiply(z, weight, y);
    }

    @Override
    public void multiplyBackward(Matrix dy, Matrix z, Vector weight, Matrix dz, Vector dWeight) {
        library.multiplyBackward(dy, z, weight, dz, dWeight);
    }

    @Override
    public void convolve(Convolution convolution, Matrix x, Matrix y) {
        library.convolve(convolution, x, y);
    }

    @Override
    public void convolutionWeightGradient(Convolution convolution, Matrix dy, Matrix x, Vector dWeight) {
        library.convolutionWeightGradient(convolution, dy, x, dWeight);
    }

    @Override
    public void convolutionBackward(Convolution convolution, Matrix dy, Matrix x, Matrix dx, Vector dWeight) {
        library.convolutionBackward(convolution, dy, x, dx, dWeight);
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
    public void globalAverage(Matrix z, int images, Matrix y) {
        library.globalAverage(z, images, y);
    }

    @Override
    public void globalAverageBackward(Matrix dy, int images, Matrix dz) {
        library.globalAverageBackward(dy, images, dz);
    }

    @Override
    public void reluBackwardAccumulate(
            Matrix dz, Matrix z, Matrix x, BatchStatistics batch, Vector scale, Matrix accumulated, ColumnSums sums) {
        ColumnPasses.reluBackward(dz, z, x, batch, scale, accumulated, true, sums);
    }

    @Override
    public void reluBackwardOverwrite(
            Matrix dz, Matrix z, Matrix x, BatchStatistics batch, Vector scale, Matrix accumulated, ColumnSums sums) {
        ColumnPasses.reluBackward(dz, z, x, batch, scale, accumulated, false, sums);
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
        library.nesterovStep(p, g, v, rate, momentum, decay);
    }
}
