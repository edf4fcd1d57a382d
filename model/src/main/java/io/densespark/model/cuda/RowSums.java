package io.densespark.model.cuda;

import static io.densespark.model.cuda.DeviceAddress.address;

import io.densespark.model.kernels.Affine;
import io.densespark.model.kernels.BatchStatistics;
import io.densespark.model.kernels.ColumnSums;
import io.densespark.model.kernels.Norm;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.plan.GpuScratch;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Vector;
import org.jspecify.annotations.Nullable;

/**
 * Passes that sum over the rows of a matrix, in two launches: the first one leaves what each strip of rows found in scratch,
 * the second one merges the strips and goes on with the sums. Nothing else may sum in between, since all use the same
 * scratch.
 */
final class RowSums {
    private static final long NOTHING = 0;

    private final Launcher launcher;
    private final Scratch parts;
    private @Nullable Strips moments;
    private @Nullable Strips sums;
    /** Under which {@link #sums} were taken. */
    private @Nullable BatchStatistics batchOfSums;

    /** What a first launch left. */
    private record Strips(long address, Grid grid, long rows) {}

    RowSums(Launcher launcher, Scratch parts) {
        this.launcher = launcher;
        this.parts = parts;
    }

    private Strips strips(Matrix matrix, Width width) {
        Grid grid = Grid.ofMatrix(matrix, width);
        long bytes = (long) grid.blocksY() * GpuScratch.SUMS_OF_COLUMN * matrix.columns() * Double.BYTES;
        return new Strips(parts.address(bytes), grid, matrix.rows());
    }

    /** Takes the moments of x. */
    void moments(Matrix x) {
        Width width = Width.of(x);
        Strips strips = strips(x, width);
        launcher.launch(
                Pass.COLUMN_MOMENTS,
                Numbers.of(x),
                width,
                strips.grid,
                address(x),
                x.stride(),
                x.rows(),
                x.columns(),
                strips.address);
        moments = strips;
    }

    /** Takes the moments of x, and copies it to y. */
    void copyMoments(Matrix x, Matrix y) {
        Width width = Width.of(x, y);
        Strips strips = strips(x, width);
        launcher.launch(
                Pass.COPY_MOMENTS,
                Numbers.of(x, y),
                width,
                strips.grid,
                address(x),
                x.stride(),
                address(y),
                y.stride(),
                x.rows(),
                x.columns(),
                strips.address);
        moments = strips;
    }

    /** Makes statistics of the moments taken last. */
    void finishMoments(BatchStatistics into) {
        finishMoments(into, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING);
    }

    /** The same, with what {@code norm} makes of them. */
    void finishMoments(BatchStatistics into, Norm norm, Affine affine) {
        finishMoments(
                into,
                address(norm.runningMean()),
                address(norm.runningVariance()),
                address(norm.scale()),
                address(norm.shift()),
                address(affine.scale()),
                address(affine.shift()));
    }

    private void finishMoments(
            BatchStatistics into,
            long runningMean,
            long runningVariance,
            long gamma,
            long beta,
            long scale,
            long shift) {
        Strips strips = taken(moments);
        moments = null;
        int columns = into.mean().length();
        launcher.launch(
                Pass.FINISH_MOMENTS,
                Grid.ofMerge(columns),
                strips.address,
                strips.grid.blocksY(),
                strips.grid.threadsY(),
                strips.rows,
                columns,
                Launcher.bits(DenseNetSpec.NORM_EPSILON),
                Launcher.bits(DenseNetSpec.NORM_MOMENTUM),
                address(into.mean()),
                address(into.inverseDeviation()),
                address(into.unbiasedVariance()),
                runningMean,
                runningVariance,
                gamma,
                beta,
                scale,
                shift);
    }

    /** Forgets what was summed. */
    void beginSums() {
        sums = null;
    }

    /** @param pass {@link Pass#RELU_BACKWARD_ADD} or {@link Pass#RELU_BACKWARD_SET} */
    void reluBackward(
            Pass pass, Matrix dz, Matrix x, Affine affine, BatchStatistics batch, Vector gamma, Matrix accumulated) {
        if (sums != null) {
            throw new IllegalStateException("a GPU takes all rows of a batch at once");
        }
        Width width = Width.of(dz, x, accumulated);
        Strips strips = strips(x, width);
        launcher.launch(
                pass,
                Numbers.of(dz, x, accumulated),
                width,
                strips.grid,
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
                x.columns(),
                strips.address);
        sums = strips;
        batchOfSums = batch;
    }

    /** Makes a norm's gradients of what {@link #reluBackward} summed last. */
    void normGradients(Norm norm, ColumnSums deferred, boolean add) {
        Strips strips = taken(sums);
        BatchStatistics batch = taken(batchOfSums);
        sums = null;
        int columns = norm.scale().length();
        launcher.launch(
                Pass.NORM_GRADIENTS,
                Grid.ofMerge(columns),
                strips.address,
                strips.grid.blocksY(),
                columns,
                address(batch.inverseDeviation()),
                address(norm.scale()),
                address(norm.scaleGradient()),
                address(norm.shiftGradient()),
                address(deferred.plain()),
                address(deferred.withNormalized()),
                add ? 1 : 0);
    }

    private static <T> T taken(@Nullable T sums) {
        if (sums == null) {
            throw new IllegalStateException("nothing was summed, or it was merged already");
        }
        return sums;
    }
}
