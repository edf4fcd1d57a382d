package io.densespark.model.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CpuFeaturesTest {
    @Test
    void instructionsForBfloatAreAmongTheFlags() {
        assertThat(CpuFeatures.hasBfloat(List.of("flags\t\t: fpu avx512_bf16 amx_tile", "bugs : none")))
                .isTrue();
        assertThat(CpuFeatures.hasBfloat(List.of("flags\t\t: fpu amx_bf16"))).isTrue();
        assertThat(CpuFeatures.hasBfloat(List.of("flags\t\t: fpu avx512f", "model name : avx512_bf16")))
                .isFalse();
    }
}
