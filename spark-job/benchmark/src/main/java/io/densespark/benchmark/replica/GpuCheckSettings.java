package io.densespark.benchmark.replica;

import io.densespark.benchmark.SettingCheck;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.Preset;
import io.densespark.model.plan.RecomputeLevel;
import java.util.List;
import java.util.Optional;

/**
 * What {@link GpuCheck} does.
 *
 * @param quick small networks only: what there is to check, but no figures that say anything
 * @param steps timed steps of each implementation
 * @param python an interpreter that has torch for CUDA, for PyTorch's rows
 * @param json file for all that was found
 * @param report file for the page
 */
public record GpuCheckSettings(boolean quick, int steps, Optional<String> python, String json, String report) {
    private static final int BATCH = 64;
    private static final int LARGE_BATCH = 256;

    /** @throws io.densespark.spark.JobException naming the setting that is out of range */
    public GpuCheckSettings {
        SettingCheck.atLeast(1, "steps", steps);
    }

    /** A network whose steps are measured. */
    record Measured(String network, DenseNetSpec spec, int imageSize, int batch) {}

    List<Measured> measured() {
        return quick
                ? List.of(new Measured("BC-10-4", DenseNetSpec.bc(10, 4, 3, 10), 16, 4))
                : List.of(
                        new Measured("BC-100-12", Preset.DENSENET_BC_100_12.spec(), 32, BATCH),
                        new Measured("DenseNet-121", Preset.DENSENET_121.spec(), 224, LARGE_BATCH));
    }

    /** The levels whose steps are measured, where they fit. */
    List<RecomputeLevel> levels() {
        return quick ? List.of(RecomputeLevel.BOTTLENECK) : List.of(RecomputeLevel.values());
    }

    List<GpuAgreement.Tried> tried() {
        return quick ? GpuAgreement.small() : GpuAgreement.all();
    }
}
