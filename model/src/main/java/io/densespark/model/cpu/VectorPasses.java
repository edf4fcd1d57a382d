package io.densespark.model.cpu;

import io.densespark.model.kernels.Affine;
import io.densespark.model.kernels.BatchStatistics;
import io.densespark.model.kernels.ColumnSums;
import io.densespark.model.kernels.Moments;
import io.densespark.model.kernels.Norm;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.tensor.Vector;
import java.util.List;

/** What is done once a column: too little work for the library's calls to be worth their cost. */
final class VectorPasses {
    private VectorPasses() {}

    static void mergeMoments(List<Moments> parts, BatchStatistics into) {
        int c = into.mean().length();
        RunningMoments all = new RunningMoments(c);
        for (Moments part : parts) {
            if (part.rows() > 0) {
                all.merge(part.rows(), part.mean().toDoubles(), part.squares().toDoubles());
            }
        }
        long rows = all.rows();
        double[] squares = all.squares();
        double[] inverse = new double[c];
        for (int j = 0; j < c; j++) {
            inverse[j] = 1 / Math.sqrt(squares[j] / rows + DenseNetSpec.NORM_EPSILON);
            squares[j] /= rows - 1;
        }
        set(into.mean(), all.mean());
        set(into.inverseDeviation(), inverse);
        set(into.unbiasedVariance(), squares);
    }

    static void updateRunningStatistics(BatchStatistics batch, Norm norm) {
        moveTowards(batch.mean(), norm.runningMean());
        moveTowards(batch.unbiasedVariance(), norm.runningVariance());
    }

    private static void moveTowards(Vector batch, Vector running) {
        double[] target = batch.toDoubles();
        float[] values = running.toFloats();
        for (int j = 0; j < values.length; j++) {
            values[j] = (float) ((1 - DenseNetSpec.NORM_MOMENTUM) * values[j] + DenseNetSpec.NORM_MOMENTUM * target[j]);
        }
        running.set(values);
    }

    static void batchAffine(BatchStatistics batch, Norm norm, Affine into) {
        affine(batch.mean().toDoubles(), batch.inverseDeviation().toDoubles(), norm, into);
    }

    static void runningAffine(Norm norm, Affine into) {
        float[] running = norm.runningMean().toFloats();
        float[] variance = norm.runningVariance().toFloats();
        double[] mean = new double[running.length];
        double[] inverse = new double[running.length];
        for (int j = 0; j < mean.length; j++) {
            mean[j] = running[j];
            inverse[j] = 1 / Math.sqrt(variance[j] + DenseNetSpec.NORM_EPSILON);
        }
        affine(mean, inverse, norm, into);
    }

    private static void affine(double[] mean, double[] inverse, Norm norm, Affine into) {
        float[] gamma = norm.scale().toFloats();
        float[] beta = norm.shift().toFloats();
        for (int j = 0; j < mean.length; j++) {
            double scale = gamma[j] * inverse[j];
            beta[j] = (float) (beta[j] - mean[j] * scale);
            gamma[j] = (float) scale;
        }
        into.scale().set(gamma);
        into.shift().set(beta);
    }

    static void normGradients(List<ColumnSums> parts, Norm norm, ColumnSums deferred) {
        int c = norm.scale().length();
        double[] shift = new double[c];
        double[] scale = new double[c];
        for (ColumnSums part : parts) {
            add(part.plain().toDoubles(), shift);
            add(part.withNormalized().toDoubles(), scale);
        }
        float[] gamma = norm.scale().toFloats();
        double[] plain = deferred.plain().toDoubles();
        double[] withNormalized = deferred.withNormalized().toDoubles();
        float[] shiftGradient = new float[c];
        float[] scaleGradient = new float[c];
        for (int j = 0; j < c; j++) {
            shiftGradient[j] = (float) shift[j];
            scaleGradient[j] = (float) scale[j];
            plain[j] += gamma[j] * shift[j];
            withNormalized[j] += gamma[j] * scale[j];
        }
        norm.shiftGradient().set(shiftGradient);
        norm.scaleGradient().set(scaleGradient);
        set(deferred.plain(), plain);
        set(deferred.withNormalized(), withNormalized);
    }

    private static void add(double[] source, double[] target) {
        for (int j = 0; j < target.length; j++) {
            target[j] += source[j];
        }
    }

    private static void set(Vector vector, double[] values) {
        vector.storage().write(vector.offset(), values, vector.length());
    }
}
