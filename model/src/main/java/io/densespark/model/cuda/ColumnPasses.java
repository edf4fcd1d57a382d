package io.densespark.model.cuda;

import static io.densespark.model.cuda.DeviceAddress.address;

import io.densespark.model.kernels.Affine;
import io.densespark.model.kernels.BatchStatistics;
import io.densespark.model.kernels.Norm;
import io.densespark.model.network.DenseNetSpec;

/** Passes on one number a column: what norms make of statistics, and their gradients. */
final class ColumnPasses {
    private final Launcher launcher;

    ColumnPasses(Launcher launcher) {
        this.launcher = launcher;
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

    void trainingAffine(BatchStatistics batch, Norm norm, Affine into) {
        int columns = into.scale().length();
        launcher.launch(
                Pass.TRAINING_AFFINE,
                Grid.ofColumns(columns),
                address(batch.mean()),
                address(batch.inverseDeviation()),
                address(batch.unbiasedVariance()),
                address(norm.scale()),
                address(norm.shift()),
                address(norm.runningMean()),
                address(norm.runningVariance()),
                Launcher.bits(DenseNetSpec.NORM_MOMENTUM),
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
}
