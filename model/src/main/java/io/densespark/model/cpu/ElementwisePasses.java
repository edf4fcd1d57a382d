package io.densespark.model.cpu;

import io.densespark.model.kernels.Affine;
import io.densespark.model.kernels.BatchStatistics;
import io.densespark.model.kernels.ColumnSums;
import io.densespark.model.kernels.Dropout;
import io.densespark.model.plan.HeapTile;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Vector;
import java.nio.FloatBuffer;

/** Passes that write a value for each value they read. */
final class ElementwisePasses {
    private ElementwisePasses() {}

    static void normalizeRelu(Matrix x, Affine affine, Matrix z) {
        int c = x.columns();
        int tileRows = Math.min(HeapTile.rows(c), x.rows());
        Scratch scratch = Scratch.ofThread();
        float[] tile = scratch.array(0, tileRows * c);
        float[] scale = repeated(scratch.array(1, tileRows * c), affine.scale(), tileRows);
        float[] shift = repeated(scratch.array(2, tileRows * c), affine.shift(), tileRows);
        FloatBuffer in = x.storage().floats();
        FloatBuffer out = z.storage().floats();
        for (int row = 0; row < x.rows(); row += tileRows) {
            int rows = Math.min(tileRows, x.rows() - row);
            Tile.load(in, x, row, rows, tile);
            int count = rows * c;
            for (int i = 0; i < count; i++) {
                tile[i] = Math.max(0f, tile[i] * scale[i] + shift[i]);
            }
            Tile.store(tile, out, z, row, rows);
        }
    }

    static void dropout(Matrix x, Dropout dropout) {
        int c = x.columns();
        int tileRows = Math.min(HeapTile.rows(c), x.rows());
        float[] tile = Scratch.ofThread().array(0, tileRows * c);
        FloatBuffer memory = x.storage().floats();
        for (int row = 0; row < x.rows(); row += tileRows) {
            int rows = Math.min(tileRows, x.rows() - row);
            Tile.load(memory, x, row, rows, tile);
            for (int i = 0; i < rows * c; i++) {
                tile[i] *= dropout.multiplier((long) row * c + i);
            }
            Tile.store(tile, memory, x, row, rows);
        }
    }

    static void copy(Matrix source, Matrix target) {
        int c = source.columns();
        int tileRows = Math.min(HeapTile.rows(c), source.rows());
        float[] tile = Scratch.ofThread().array(0, tileRows * c);
        FloatBuffer in = source.storage().floats();
        FloatBuffer out = target.storage().floats();
        for (int row = 0; row < source.rows(); row += tileRows) {
            int rows = Math.min(tileRows, source.rows() - row);
            Tile.load(in, source, row, rows, tile);
            Tile.store(tile, out, target, row, rows);
        }
    }

    static void finishGradient(
            Matrix accumulated, Matrix x, BatchStatistics batch, ColumnSums deferred, long batchRows, Matrix dx) {
        int c = x.columns();
        int tileRows = Math.min(HeapTile.rows(c), x.rows());
        Scratch scratch = Scratch.ofThread();
        float[] tile = scratch.array(0, tileRows * c);
        float[] gradient = scratch.array(1, tileRows * c);
        float[] mean = scratch.array(2, tileRows * c);
        float[] inverse = scratch.array(3, tileRows * c);
        float[] slope = scratch.array(4, tileRows * c);
        float[] constant = scratch.array(5, tileRows * c);
        coefficients(batch, deferred, batchRows, mean, inverse, slope, constant);
        Tile.repeat(mean, c, tileRows);
        Tile.repeat(inverse, c, tileRows);
        Tile.repeat(slope, c, tileRows);
        Tile.repeat(constant, c, tileRows);
        FloatBuffer features = x.storage().floats();
        FloatBuffer sums = accumulated.storage().floats();
        FloatBuffer out = dx.storage().floats();
        for (int row = 0; row < x.rows(); row += tileRows) {
            int rows = Math.min(tileRows, x.rows() - row);
            Tile.load(features, x, row, rows, tile);
            Tile.load(sums, accumulated, row, rows, gradient);
            int count = rows * c;
            for (int i = 0; i < count; i++) {
                tile[i] = gradient[i] * inverse[i] + ((tile[i] - mean[i]) * slope[i] + constant[i]);
            }
            Tile.store(tile, out, dx, row, rows);
        }
    }

    /** (A − s1/m − x̂·s2/m)/σ as A·inverse + (x − mean)·slope + constant, which makes up for the mean's rounding. */
    private static void coefficients(
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
        for (int j = 0; j < means.length; j++) {
            mean[j] = (float) means[j];
            inverse[j] = (float) inverses[j];
            double exactSlope = -inverses[j] * inverses[j] * normalized[j] / batchRows;
            slope[j] = (float) exactSlope;
            constant[j] = (float) ((mean[j] - means[j]) * exactSlope - inverses[j] * plain[j] / batchRows);
        }
    }

    static float[] repeated(float[] into, Vector columns, int rows) {
        columns.storage().read(columns.offset(), into, 0, columns.length());
        Tile.repeat(into, columns.length(), rows);
        return into;
    }
}
