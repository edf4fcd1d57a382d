package io.densespark.model.cuda;

import static io.densespark.model.cuda.DeviceAddress.address;

import io.densespark.model.kernels.Affine;
import io.densespark.model.kernels.BatchStatistics;
import io.densespark.model.kernels.ColumnSums;
import io.densespark.model.kernels.Dropout;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Vector;

/** Passes that compute each element of a matrix or vector from those at its place. */
final class MatrixPasses {
    private final Launcher launcher;

    MatrixPasses(Launcher launcher) {
        this.launcher = launcher;
    }

    void normalizeRelu(Matrix x, Affine affine, Matrix z) {
        Width width = Width.of(x, z);
        launcher.launch(
                Pass.NORMALIZE_RELU,
                Numbers.of(x, z),
                width,
                Grid.ofMatrix(x, width),
                address(x),
                x.stride(),
                address(affine.scale()),
                address(affine.shift()),
                address(z),
                x.rows(),
                x.columns());
    }

    void finishGradient(
            Matrix accumulated, Matrix x, BatchStatistics batch, ColumnSums deferred, long batchRows, Matrix dx) {
        Width width = Width.of(accumulated, x, dx);
        launcher.launch(
                Pass.FINISH_GRADIENT,
                Numbers.of(accumulated, x, dx),
                width,
                Grid.ofMatrix(x, width),
                address(accumulated),
                accumulated.stride(),
                address(x),
                x.stride(),
                address(batch.mean()),
                address(batch.inverseDeviation()),
                address(deferred.plain()),
                address(deferred.withNormalized()),
                Launcher.bits(1.0 / batchRows),
                address(dx),
                x.rows(),
                x.columns());
    }

    void copy(Matrix source, Matrix target) {
        Width width = Width.of(source, target);
        launcher.launch(
                Pass.COPY_ROWS,
                Numbers.of(source, target),
                width,
                Grid.ofMatrix(source, width),
                address(source),
                source.stride(),
                address(target),
                target.stride(),
                source.rows(),
                source.columns());
    }

    void dropout(Matrix x, Dropout dropout, TakenDropouts taken) {
        long elements = (long) x.rows() * x.columns();
        launcher.launch(
                Pass.DROPOUT,
                Numbers.of(x),
                Grid.ofVector(elements),
                address(x),
                elements,
                taken.address(dropout),
                taken.offset(dropout),
                dropout.threshold(),
                Launcher.bits(dropout.multiplierOfKept()));
    }

    void add(Vector source, Vector target) {
        launcher.launch(Pass.ADD_VECTOR, grid(target), address(source), address(target), target.length());
    }

    void scale(Vector vector, double factor) {
        launcher.launch(
                Pass.SCALE_VECTOR, grid(vector), address(vector), Launcher.bits((float) factor), vector.length());
    }

    void nesterovStep(Vector p, Vector g, Vector v, double rate, double momentum, double decay) {
        launcher.launch(
                Pass.NESTEROV_STEP,
                grid(p),
                address(p),
                address(g),
                address(v),
                p.length(),
                Launcher.bits((float) rate),
                Launcher.bits((float) momentum),
                Launcher.bits((float) decay));
    }

    private Grid grid(Vector vector) {
        return Grid.ofVector(vector.length());
    }
}
