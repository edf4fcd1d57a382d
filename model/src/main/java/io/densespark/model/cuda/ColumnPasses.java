package io.densespark.model.cuda;

import static io.densespark.model.cuda.DeviceAddress.address;

import io.densespark.model.kernels.Affine;
import io.densespark.model.kernels.BatchStatistics;
import io.densespark.model.kernels.ColumnSums;
import io.densespark.model.kernels.Moments;
import io.densespark.model.kernels.Norm;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Vector;

/** Passes that sum over the rows of a matrix, and those on one number a column. */
final class ColumnPasses {
    private static final int MOMENTS = 3;
    private static final int SUMS = 2;

    private final Launcher launcher;
    /** What each strip of rows found, until it is merged. */
    private final Scratch parts;

    ColumnPasses(Launcher launcher, Scratch parts) {
        this.launcher = launcher;
        this.parts = parts;
    }

    private Grid grid(Matrix matrix, Width width) {
        return Grid.ofMatrix(matrix.rows(), matrix.columns(), width, launcher.multiprocessors());
    }

    private long partsOf(Grid grid, int values, int columns) {
        return parts.address((long) grid.blocksY() * values * columns * Double.BYTES);
    }

    void moments(Matrix x, long before, Moments into) {
        Width width = Width.of(x);
        Grid grid = grid(x, width);
        long found = partsOf(grid, MOMENTS, x.columns());
        launcher.launch(Pass.COLUMN_MOMENTS, width, grid, address(x), x.stride(), x.rows(), x.columns(), found);
        merge(found, grid.blocksY(), before, into);
    }

    void copyMoments(Matrix x, Matrix y, long before, Moments into) {
        Width width = Width.of(x, y);
        Grid grid = grid(x, width);
        long found = partsOf(grid, MOMENTS, x.columns());
        launcher.launch(
                Pass.COPY_MOMENTS,
                width,
                grid,
                address(x),
                x.stride(),
                address(y),
                y.stride(),
                x.rows(),
                x.columns(),
                found);
        merge(found, grid.blocksY(), before, into);
    }

    private void merge(long found, int strips, long before, Moments into) {
        int columns = into.mean().length();
        launcher.launch(
                Pass.MERGE_COLUMN_MOMENTS,
                Grid.ofMerge(columns),
                found,
                strips,
                columns,
                Launcher.bits((double) before),
                address(into.mean()),
                address(into.squares()));
    }

    void finishMoments(Moments moments, BatchStatistics into) {
        int columns = into.mean().length();
        launcher.launch(
                Pass.FINISH_MOMENTS,
                Grid.ofColumns(columns),
                address(moments.mean()),
                address(moments.squares()),
                Launcher.bits((double) moments.rows()),
                Launcher.bits(DenseNetSpec.NORM_EPSILON),
                address(into.mean()),
                address(into.inverseDeviation()),
                address(into.unbiasedVariance()),
                columns);
    }

    void updateRunningStatistics(BatchStatistics batch, Norm norm) {
        int columns = batch.mean().length();
        launcher.launch(
                Pass.UPDATE_RUNNING,
                Grid.ofColumns(columns),
                address(batch.mean()),
                address(batch.unbiasedVariance()),
                address(norm.runningMean()),
                address(norm.runningVariance()),
                Launcher.bits(DenseNetSpec.NORM_MOMENTUM),
                columns);
    }

    void batchAffine(BatchStatistics batch, Norm norm, Affine into) {
        int columns = into.scale().length();
        launcher.launch(
                Pass.BATCH_AFFINE,
                Grid.ofColumns(columns),
                address(batch.mean()),
                address(batch.inverseDeviation()),
                address(norm.scale()),
                address(norm.shift()),
                address(into.scale()),
                address(into.shift()),
                columns);
    }

    void runningAffine(Norm norm, Affine into) {
        int columns = into.scale().length();
        launcher.launch(
                Pass.RUNNING_AFFINE,
                Grid.ofColumns(columns),
                address(norm.runningMean()),
                address(norm.runningVariance()),
                address(norm.scale()),
                address(norm.shift()),
                Launcher.bits(DenseNetSpec.NORM_EPSILON),
                address(into.scale()),
                address(into.shift()),
                columns);
    }

    void reluBackward(
            Pass pass,
            Matrix dz,
            Matrix x,
            Affine affine,
            BatchStatistics batch,
            Vector gamma,
            Matrix accumulated,
            ColumnSums sums) {
        Width width = Width.of(dz, x, accumulated).and(affine.scale(), affine.shift(), gamma);
        Grid grid = grid(x, width);
        int columns = x.columns();
        long found = partsOf(grid, SUMS, columns);
        launcher.launch(
                pass,
                width,
                grid,
                address(dz),
                address(x),
                x.stride(),
                address(affine.scale()),
                address(affine.shift()),
                address(batch.mean()),
                address(gamma),
                address(accumulated),
                accumulated.stride(),
                x.rows(),
                columns,
                found);
        launcher.launch(
                Pass.MERGE_COLUMN_SUMS,
                Grid.ofMerge(columns),
                found,
                grid.blocksY(),
                columns,
                address(batch.inverseDeviation()),
                address(sums.plain()),
                address(sums.withNormalized()));
    }

    void normGradients(ColumnSums sums, Norm norm, ColumnSums deferred) {
        int columns = norm.scale().length();
        launcher.launch(
                Pass.NORM_GRADIENTS,
                Grid.ofColumns(columns),
                address(sums.plain()),
                address(sums.withNormalized()),
                address(norm.scale()),
                address(norm.scaleGradient()),
                address(norm.shiftGradient()),
                address(deferred.plain()),
                address(deferred.withNormalized()),
                columns);
    }
}
