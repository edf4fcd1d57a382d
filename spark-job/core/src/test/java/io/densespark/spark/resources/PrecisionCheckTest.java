package io.densespark.spark.resources;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Precision;
import io.densespark.spark.JobException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrecisionCheckTest {
    @Test
    void aProcessorThatWouldBeSlowerIsRefusedWithWhatToTake() {
        assertThatThrownBy(() -> PrecisionCheck.require(Precision.BF16, Device.CPU, "node-7", () -> false))
                .isInstanceOf(JobException.class)
                .hasMessage(
                        "the processor of node-7 has no instructions for bf16 (AVX512_BF16 or AMX_BF16), and would be slower"
                                + " in it than in fp32: take --precision fp32, or, for the memory, --allow-slow-precision true");
    }

    @ParameterizedTest
    @CsvSource({"BF16,cpu,true", "FP32,cpu,false", "TF32,cpu,false", "BF16,cuda,false"})
    void whatIsFastOrDoesntConcernTheProcessorIsNot(Precision precision, String kind, boolean hasBfloat) {
        Device device = kind.equals("cpu") ? Device.CPU : Device.cuda(0);

        assertThatCode(() -> PrecisionCheck.require(precision, device, "node-7", () -> hasBfloat))
                .doesNotThrowAnyException();
    }

    @Test
    void aProcessorIsNotLookedAtWhereItDoesntMatter() {
        assertThatCode(() -> PrecisionCheck.require(Precision.FP32, Device.CPU, "node-7", () -> {
                    throw new IllegalStateException("asked");
                }))
                .doesNotThrowAnyException();
    }
}
