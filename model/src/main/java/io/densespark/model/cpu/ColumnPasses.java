package io.densespark.model.cpu;

import io.densespark.model.kernels.BatchStatistics;
import io.densespark.model.kernels.ColumnSums;
import io.densespark.model.kernels.Moments;
import io.densespark.model.plan.HeapTile;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Vector;
import java.nio.FloatBuffer;

/** Passes that sum columns: in float over a few tiles, in double over all. */
final class ColumnPasses {
    private ColumnPasses() {}

    /**
     * One pass over memory. A few tiles at a time give sums of deviations from a pivot; Chan's formula merges them, and the
     * mean so far is the next pivot. Where a pivot is far from a group's mean, the distance between groups dominates the
     * variance, so what cancels within the group doesn't matter.
     */
    static void moments(Matrix x, long before, Moments into) {
        int c = x.columns();
        int tileRows = Math.min(HeapTile.rows(c), x.rows());
        Scratch scratch = Scratch.ofThread();
        float[] tile = scratch.array(0, tileRows * c);
        float[] pivot = scratch.array(1, tileRows * c);
        LaneSums deviations = new LaneSums(c, scratch.array(2, tileRows * c));
        LaneSums squares = new LaneSums(c, scratch.array(3, tileRows * c));
        RunningMoments running = new RunningMoments(c);
        if (before > 0) {
            running.merge(before, into.mean().toDoubles(), into.squares().toDoubles());
        }
        FloatBuffer in = x.storage().floats();
        int groupStart = 0;
        for (int row = 0; row < x.rows(); row += tileRows) {
            int rows = Math.min(tileRows, x.rows() - row);
            int count = rows * c;
            Tile.load(in, x, row, rows, tile);
            if (row == 0) {
                if (before == 0) {
                    meanOfRows(tile, rows, c, pivot);
                } else {
                    running.meanInto(pivot);
                }
                Tile.repeat(pivot, c, tileRows);
            }
            subtract(tile, pivot, count);
            deviations.add(tile, count);
            squares.addProducts(tile, tile, count);
            if (deviations.isFlushed() || row + rows == x.rows()) {
                running.merge(row + rows - groupStart, pivot, deviations.sums(), squares.sums());
                running.meanInto(pivot);
                Tile.repeat(pivot, c, tileRows);
                deviations.clear();
                squares.clear();
                groupStart = row + rows;
            }
        }
        into.mean().storage().write(into.mean().offset(), running.mean(), c);
        into.squares().storage().write(into.squares().offset(), running.squares(), c);
    }

    private static void meanOfRows(float[] tile, int rows, int columns, float[] mean) {
        for (int j = 0; j < columns; j++) {
            double sum = 0;
            for (int row = 0; row < rows; row++) {
                sum += tile[row * columns + j];
            }
            mean[j] = (float) (sum / rows);
        }
    }

    private static void subtract(float[] tile, float[] pivot, int count) {
        for (int i = 0; i < count; i++) {
            tile[i] -= pivot[i];
        }
    }

    static void reluBackward(
            Matrix dz,
            Matrix z,
            Matrix x,
            BatchStatistics batch,
            Vector scale,
            Matrix accumulated,
            boolean accumulate,
            ColumnSums into) {
        int c = x.columns();
        int tileRows = Math.min(HeapTile.rows(c), x.rows());
        Scratch scratch = Scratch.ofThread();
        float[] du = scratch.array(0, tileRows * c);
        float[] other = scratch.array(1, tileRows * c);
        float[] result = scratch.array(2, tileRows * c);
        float[] gamma = ElementwisePasses.repeated(scratch.array(3, tileRows * c), scale, tileRows);
        float[] mean = scratch.array(4, tileRows * c);
        LaneSums plain = new LaneSums(c, scratch.array(5, tileRows * c));
        LaneSums withDeviation = new LaneSums(c, scratch.array(6, tileRows * c));
        double[] means = batch.mean().toDoubles();
        for (int j = 0; j < c; j++) {
            mean[j] = (float) means[j];
        }
        Tile.repeat(mean, c, tileRows);
        FloatBuffer upstream = dz.storage().floats();
        FloatBuffer activations = z.storage().floats();
        FloatBuffer features = x.storage().floats();
        FloatBuffer target = accumulated.storage().floats();
        for (int row = 0; row < x.rows(); row += tileRows) {
            int rows = Math.min(tileRows, x.rows() - row);
            int count = rows * c;
            Tile.load(upstream, dz, row, rows, du);
            Tile.load(activations, z, row, rows, other);
            mask(du, other, count);
            scaled(du, gamma, other, result, accumulate, target, accumulated, row, rows);
            plain.add(du, count);
            Tile.load(features, x, row, rows, other);
            withDeviation.addProducts(du, other, mean, count);
        }
        double[] sums = plain.sums();
        double[] normalized = withDeviation.sums();
        double[] inverse = batch.inverseDeviation().toDoubles();
        for (int j = 0; j < c; j++) {
            // Where the mean is many deviations, what it lost as a float would show.
            normalized[j] = (normalized[j] + (mean[j] - means[j]) * sums[j]) * inverse[j];
        }
        accumulate(sums, into.plain());
        accumulate(normalized, into.withNormalized());
    }

    private static void accumulate(double[] more, Vector target) {
        double[] sums = target.toDoubles();
        for (int j = 0; j < sums.length; j++) {
            sums[j] += more[j];
        }
        target.storage().write(target.offset(), sums, sums.length);
    }

    /**
     * Keeps du where the activation is positive. The JIT doesn't vectorize a condition; activations are never negative, so
     * min(1, a·10³⁸·10³⁸) is 1 for every positive float, denormals included, and 0 for 0.
     */
    private static void mask(float[] du, float[] activation, int count) {
        for (int i = 0; i < count; i++) {
            du[i] *= Math.min(1f, activation[i] * 1e38f * 1e38f);
        }
    }

    private static void scaled(
            float[] du,
            float[] gamma,
            float[] old,
            float[] result,
            boolean accumulate,
            FloatBuffer target,
            Matrix accumulated,
            int row,
            int rows) {
        int count = rows * accumulated.columns();
        if (accumulate) {
            Tile.load(target, accumulated, row, rows, old);
            for (int i = 0; i < count; i++) {
                result[i] = old[i] + gamma[i] * du[i];
            }
        } else {
            for (int i = 0; i < count; i++) {
                result[i] = gamma[i] * du[i];
            }
        }
        Tile.store(result, target, accumulated, row, rows);
    }
}
