package io.densespark.benchmark.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Precision;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ContenderTest {
    @Test
    void aCpuThatMultipliesBfloatIsMeasuredInThatToo() {
        assertThat(names(Device.CPU, true, false, false))
                .containsExactly(
                        "densespark (none, fp32)",
                        "naive (nchw, fp32)",
                        "pytorch (nchw, fp32)",
                        "pytorch (channels-last, fp32)",
                        "pytorch-checkpoint (channels-last, fp32)");
        assertThat(names(Device.CPU, true, true, true))
                .containsExactly(
                        "densespark (none, fp32)",
                        "densespark (none, bf16)",
                        "naive (nchw, fp32)",
                        "pytorch (nchw, fp32)",
                        "pytorch (channels-last, fp32)",
                        "pytorch-compile (channels-last, fp32)",
                        "pytorch (channels-last, bf16)",
                        "pytorch-compile (channels-last, bf16)",
                        "pytorch-checkpoint (channels-last, fp32)");
        assertThat(names(Device.CPU, false, true, false))
                .containsExactly("densespark (none, fp32)", "densespark (none, bf16)", "naive (nchw, fp32)");
    }

    @Test
    void aCpuThatDoesntIsMeasuredInItWhenAskedTo() {
        assertThat(names(Device.CPU, Precision.BF16, false, false, false))
                .containsExactly("densespark (none, fp32)", "densespark (none, bf16)", "naive (nchw, fp32)");
    }

    @Test
    void aGpuHasOnePrecision() {
        assertThat(names(Device.cuda(0), true, true, false))
                .containsExactly(
                        "densespark (none, tf32)",
                        "pytorch (channels-last, tf32)",
                        "pytorch-checkpoint (channels-last, tf32)");
    }

    private static List<String> names(Device device, boolean withPython, boolean hasBfloat, boolean compile) {
        return names(device, Precision.TF32, withPython, hasBfloat, compile);
    }

    private static List<String> names(
            Device device, Precision precision, boolean withPython, boolean hasBfloat, boolean compile) {
        ReplicaBenchmarkSettings settings = new ReplicaBenchmarkSettings(
                DenseNetSpec.bc(10, 4, 3, 10),
                new ImageShape(9, 9),
                5,
                List.of(RecomputeLevel.NONE),
                device,
                precision,
                1,
                2,
                0,
                1,
                Optional.of("python"),
                compile,
                Optional.empty(),
                false);
        return Contender.of(settings, withPython, hasBfloat).stream()
                .map(Contender::toString)
                .toList();
    }
}
