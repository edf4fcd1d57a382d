package io.densespark.model.cpu;

import io.densespark.model.kernels.Affine;
import io.densespark.model.kernels.BatchStatistics;
import io.densespark.model.kernels.ColumnSums;
import io.densespark.model.kernels.Dropout;
import io.densespark.model.plan.HeapTile;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Vector;

/** Passes that write a value for each value they read. */
final class ElementwisePasses {
    private ElementwisePasses() {}

    static void normalizeRelu(Matrix x, Affine affine, Matrix z) {
        int c = x.columns();
        TileOrder order = TileOrder.of(x, z);
        int run = order.rowsOfRun(x.rows(), c);
        if (run < x.rows()) {
            normalizeRelu(x.rows(0, run), affine, z.rows(0, run));
            normalizeRelu(x.rows(run, x.rows() - run), affine, z.rows(run, x.rows() - run));
            return;
        }
        int tileRows = Math.min(HeapTile.rows(c), x.rows());
        Scratch scratch = Scratch.ofThread();
        float[] tile = scratch.array(0, tileRows * c);
        float[] scale = repeated(order, affine.scale(), scratch.array(1, tileRows * c), tileRows);
        float[] shift = repeated(order, affine.shift(), scratch.array(2, tileRows * c), tileRows);
        for (int row = 0; row < x.rows(); row += tileRows) {
            int rows = Math.min(tileRows, x.rows() - row);
            Tile.load(order, x, row, rows, tile);
            int count = rows * c;
            for (int i = 0; i < count; i++) {
                tile[i] = Math.max(0f, tile[i] * scale[i] + shift[i]);
            }
            Tile.store(order, tile, z, row, rows);
        }
    }

    static void dropout(Matrix x, Dropout dropout) {
        int c = x.columns();
        int tileRows = Math.min(HeapTile.rows(c), x.rows());
        float[] tile = Scratch.ofThread().array(0, tileRows * c);
        for (int row = 0; row < x.rows(); row += tileRows) {
            int rows = Math.min(tileRows, x.rows() - row);
            Tile.load(TileOrder.ROWS, x, row, rows, tile);
            for (int i = 0; i < rows * c; i++) {
                tile[i] *= dropout.multiplier((long) row * c + i);
            }
            Tile.store(TileOrder.ROWS, tile, x, row, rows);
        }
    }

    /** Bit by bit: both are of the same type. */
    static void copy(Matrix source, Matrix target) {
        int rows = source.rows();
        int columns = source.columns();
        boolean inOneRun = source.isContiguous() && target.isContiguous();
        int runs = inOneRun ? 1 : rows;
        int length = inOneRun ? rows * columns : columns;
        for (int run = 0; run < runs; run++) {
            int from = Tile.start(source, run);
            int to = Tile.start(target, run);
            if (source.storage().type() == ElementType.FLOAT) {
                target.storage().floats().put(to, source.storage().floats(), from, length);
            } else {
                target.storage().halves().put(to, source.storage().halves(), from, length);
            }
        }
    }

    static void finishGradient(
            Matrix accumulated, Matrix x, BatchStatistics batch, ColumnSums deferred, long batchRows, Matrix dx) {
        int c = x.columns();
        TileOrder order = TileOrder.of(accumulated, x, dx);
        int run = order.rowsOfRun(x.rows(), c);
        if (run < x.rows()) {
            int rest = x.rows() - run;
            finishGradient(accumulated.rows(0, run), x.rows(0, run), batch, deferred, batchRows, dx.rows(0, run));
            finishGradient(
                    accumulated.rows(run, rest), x.rows(run, rest), batch, deferred, batchRows, dx.rows(run, rest));
            return;
        }
        int tileRows = Math.min(HeapTile.rows(c), x.rows());
        Scratch scratch = Scratch.ofThread();
        float[] tile = scratch.array(0, tileRows * c);
        float[] gradient = scratch.array(1, tileRows * c);
        float[] mean = scratch.array(2, tileRows * c);
        float[] inverse = scratch.array(3, tileRows * c);
        float[] slope = scratch.array(4, tileRows * c);
        float[] constant = scratch.array(5, tileRows * c);
        Accumulator sums = new Accumulator(accumulated, x);
        coefficients(order, tileRows, batch, deferred, batchRows, mean, inverse, slope, constant);
        for (int row = 0; row < x.rows(); row += tileRows) {
            int rows = Math.min(tileRows, x.rows() - row);
            Tile.load(order, x, row, rows, tile);
            sums.load(order, row, rows, gradient);
            int count = rows * c;
            for (int i = 0; i < count; i++) {
                tile[i] = gradient[i] * inverse[i] + ((tile[i] - mean[i]) * slope[i] + constant[i]);
            }
            Tile.store(order, tile, dx, row, rows);
        }
    }

    /** (A − s1/m − x̂·s2/m)/σ as A·inverse + (x − mean)·slope + constant, which makes up for the mean's rounding. */
    private static void coefficients(
            TileOrder order,
            int tileRows,
            BatchStatistics batch,
            ColumnSums deferred,
            long batchRows,
            float[] mean,
            float[] inverse,
            float[] slope,
            float[] constant) {
        double[] means = batch.mean().toDoubles();
        double[] inverses = batch.inverseDeviation().toDoubles();
        double[] plain = deferred.plain().toDoubles();
        double[] normalized = deferred.withNormalized().toDoubles();
        float[] slopes = new float[means.length];
        float[] constants = new float[means.length];
        float[] roundedMeans = rounded(means);
        for (int j = 0; j < means.length; j++) {
            double exactSlope = -inverses[j] * inverses[j] * normalized[j] / batchRows;
            slopes[j] = (float) exactSlope;
            constants[j] = (float) ((roundedMeans[j] - means[j]) * exactSlope - inverses[j] * plain[j] / batchRows);
        }
        order.repeat(roundedMeans, mean, tileRows);
        order.repeat(rounded(inverses), inverse, tileRows);
        order.repeat(slopes, slope, tileRows);
        order.repeat(constants, constant, tileRows);
    }

    static float[] rounded(double[] values) {
        float[] rounded = new float[values.length];
        for (int j = 0; j < values.length; j++) {
            rounded[j] = (float) values[j];
        }
        return rounded;
    }

    static float[] repeated(TileOrder order, Vector columns, float[] into, int rows) {
        order.repeat(columns.toFloats(), into, rows);
        return into;
    }
}
