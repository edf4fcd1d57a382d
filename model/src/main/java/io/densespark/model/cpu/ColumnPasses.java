package io.densespark.model.cpu;

import io.densespark.model.kernels.Affine;
import io.densespark.model.kernels.BatchStatistics;
import io.densespark.model.kernels.ColumnSums;
import io.densespark.model.kernels.Moments;
import io.densespark.model.plan.HeapTile;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Vector;

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
        TileOrder order = TileOrder.of(x);
        int run = order.rowsOfRun(x.rows(), c);
        if (run < x.rows()) {
            moments(x.rows(0, run), before, into);
            moments(x.rows(run, x.rows() - run), before + run, into);
            return;
        }
        int tileRows = Math.min(HeapTile.rows(c), x.rows());
        Scratch scratch = Scratch.ofThread();
        float[] tile = scratch.array(0, tileRows * c);
        float[] pivot = new float[c];
        float[] pivots = scratch.array(1, tileRows * c);
        LaneSums deviations = new LaneSums(order, c, scratch.array(2, tileRows * c));
        LaneSums squares = new LaneSums(order, c, scratch.array(3, tileRows * c));
        RunningMoments running = new RunningMoments(c);
        if (before > 0) {
            running.merge(before, into.mean().toDoubles(), into.squares().toDoubles());
        }
        int groupStart = 0;
        for (int row = 0; row < x.rows(); row += tileRows) {
            int rows = Math.min(tileRows, x.rows() - row);
            int count = rows * c;
            Tile.load(order, x, row, rows, tile);
            if (row == 0) {
                if (before == 0) {
                    meanOfRows(order, tile, rows, pivot);
                } else {
                    running.meanInto(pivot);
                }
                order.repeat(pivot, pivots, tileRows);
            }
            subtract(tile, pivots, count);
            deviations.add(tile, count);
            squares.addProducts(tile, tile, count);
            if (deviations.isFlushed() || row + rows == x.rows()) {
                running.merge(row + rows - groupStart, pivot, deviations.sums(), squares.sums());
                running.meanInto(pivot);
                order.repeat(pivot, pivots, tileRows);
                deviations.clear();
                squares.clear();
                groupStart = row + rows;
            }
        }
        into.mean().storage().write(into.mean().offset(), running.mean(), c);
        into.squares().storage().write(into.squares().offset(), running.squares(), c);
    }

    private static void meanOfRows(TileOrder order, float[] tile, int rows, float[] mean) {
        int columns = mean.length;
        for (int j = 0; j < columns; j++) {
            double sum = 0;
            for (int row = 0; row < rows; row++) {
                sum += tile[order.index(row, j, rows, columns)];
            }
            mean[j] = (float) (sum / rows);
        }
    }

    private static void subtract(float[] tile, float[] pivot, int count) {
        for (int i = 0; i < count; i++) {
            tile[i] -= pivot[i];
        }
    }

    /**
     * Looks at x, of which the sums want to know anyway, where z would say the same: of z it reads nothing.
     *
     * @param affine under which x was normalized
     */
    static void reluBackward(
            Matrix dz,
            Matrix x,
            Affine affine,
            BatchStatistics batch,
            Vector scale,
            Matrix accumulated,
            boolean accumulate,
            ColumnSums into) {
        int c = x.columns();
        TileOrder order = TileOrder.of(dz, x, accumulated);
        int run = order.rowsOfRun(x.rows(), c);
        if (run < x.rows()) {
            int rest = x.rows() - run;
            reluBackward(
                    dz.rows(0, run), x.rows(0, run), affine, batch, scale, accumulated.rows(0, run), accumulate, into);
            reluBackward(
                    dz.rows(run, rest),
                    x.rows(run, rest),
                    affine,
                    batch,
                    scale,
                    accumulated.rows(run, rest),
                    accumulate,
                    into);
            return;
        }
        int tileRows = Math.min(HeapTile.rows(c), x.rows());
        Scratch scratch = Scratch.ofThread();
        float[] du = scratch.array(0, tileRows * c);
        float[] features = scratch.array(1, tileRows * c);
        float[] result = scratch.array(2, tileRows * c);
        float[] gamma = ElementwisePasses.repeated(order, scale, scratch.array(3, tileRows * c), tileRows);
        float[] mean = scratch.array(4, tileRows * c);
        LaneSums plain = new LaneSums(order, c, scratch.array(5, tileRows * c));
        LaneSums withDeviation = new LaneSums(order, c, scratch.array(6, tileRows * c));
        float[] slope = ElementwisePasses.repeated(order, affine.scale(), scratch.array(7, tileRows * c), tileRows);
        float[] shift = ElementwisePasses.repeated(order, affine.shift(), scratch.array(8, tileRows * c), tileRows);
        Accumulator target = new Accumulator(accumulated, x);
        double[] means = batch.mean().toDoubles();
        float[] roundedMeans = ElementwisePasses.rounded(means);
        order.repeat(roundedMeans, mean, tileRows);
        for (int row = 0; row < x.rows(); row += tileRows) {
            int rows = Math.min(tileRows, x.rows() - row);
            int count = rows * c;
            Tile.load(order, dz, row, rows, du);
            Tile.load(order, x, row, rows, features);
            mask(du, features, slope, shift, count);
            plain.add(du, count);
            withDeviation.addProducts(du, features, mean, count);
            if (accumulate) {
                target.load(order, row, rows, result);
                addProducts(gamma, du, result, count);
            } else {
                products(gamma, du, result, count);
            }
            target.store(order, result, row, rows);
        }
        double[] sums = plain.sums();
        double[] normalized = withDeviation.sums();
        double[] inverse = batch.inverseDeviation().toDoubles();
        for (int j = 0; j < c; j++) {
            // Where the mean is many deviations, what it lost as a float would show.
            normalized[j] = (normalized[j] + (roundedMeans[j] - means[j]) * sums[j]) * inverse[j];
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
     * Keeps du where the activation, max(0, x·slope + shift), is positive. The JIT doesn't vectorize a condition; min(1,
     * a·10³⁸·10³⁸) is 1 for every positive float, denormals included, and 0 for 0.
     */
    private static void mask(float[] du, float[] x, float[] slope, float[] shift, int count) {
        for (int i = 0; i < count; i++) {
            du[i] *= Math.min(1f, Math.max(0f, x[i] * slope[i] + shift[i]) * 1e38f * 1e38f);
        }
    }

    private static void addProducts(float[] a, float[] b, float[] into, int count) {
        for (int i = 0; i < count; i++) {
            into[i] += a[i] * b[i];
        }
    }

    private static void products(float[] a, float[] b, float[] into, int count) {
        for (int i = 0; i < count; i++) {
            into[i] = a[i] * b[i];
        }
    }
}
