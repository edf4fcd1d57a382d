package io.densespark.model.libtorch;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class VisibleGpuTest {
    /** The library, and CUDA below it, ask the C library, which knows nothing of Java's copy of the environment. */
    @Test
    void theLibrarySeesTheOneDeviceThatWasNamed() {
        LibTorch.showOnlyGpu("MIG-1");

        assertThat(torch.get_env("CUDA_VISIBLE_DEVICES").get().getString()).isEqualTo("MIG-1");
    }
}
