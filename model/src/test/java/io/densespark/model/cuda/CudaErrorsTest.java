package io.densespark.model.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.densespark.model.kernels.Backend;
import io.densespark.model.tensor.AllocationException;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.DeviceLostException;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.NoSuchGpuException;
import io.densespark.model.tensor.Precision;
import io.densespark.model.tensor.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user reads where a GPU can't be used. */
class CudaErrorsTest {
    private static final List<String> RUNTIME = List.of("libfakecuda.so", "libcudart.so.13");
    private static final List<String> DRIVER = List.of("libcuda.so.1");
    private static final Device GPU = Device.cuda(0);

    @BeforeEach
    void needsTheFake() {
        assumeTrue(FakeCuda.load(), "needs a C++ compiler");
    }

    @AfterEach
    void putThingsRight() {
        FakeCuda.set("DEVICES", 1);
        FakeCuda.set("DRIVER", "");
        FakeCuda.set("FAIL", "");
        FakeCuda.recover();
        FakeCuda.clear();
    }

    private static void open(int index) {
        Cuda.open(Device.cuda(index), Precision.FP32).close();
    }

    @Test
    void aGpuThatIsNotThereIsNamedWithTheNumberOfThoseThatAre() {
        assertThatThrownBy(() -> open(1))
                .isInstanceOf(NoSuchGpuException.class)
                .hasMessage("there is no GPU 1 among the 1 devices that CUDA sees here: check the driver and "
                        + "CUDA_VISIBLE_DEVICES on this machine");
        FakeCuda.set("DEVICES", 0);
        assertThatThrownBy(() -> open(0))
                .isInstanceOf(NoSuchGpuException.class)
                .hasMessageContaining("among the 0 devices");
    }

    @Test
    void anOldDriverAndNoneAreToldApart() {
        FakeCuda.set("DRIVER", 12080);
        assertThatThrownBy(() -> open(0))
                .isInstanceOf(CudaException.class)
                .hasMessage(
                        "the NVIDIA driver of this machine is for CUDA 12.8, and CUDA 13.1 is installed: install one "
                                + "of version 580 or newer (in a container NVIDIA's container toolkit brings the host's along)");
        FakeCuda.set("DRIVER", 0);
        assertThatThrownBy(() -> open(0))
                .isInstanceOf(CudaException.class)
                .hasMessageStartingWith("a GPU was asked for, and this machine has no NVIDIA driver: install one");
    }

    @Test
    void freeMemoryIsWhatOthersHaveLeft() {
        long free = Cuda.freeBytes(GPU);
        try (Backend gpu = Cuda.open(GPU, Precision.FP32);
                Storage storage = gpu.allocate(ElementType.FLOAT, 1 << 20)) {
            assertThat(Cuda.freeBytes(GPU)).isLessThanOrEqualTo(free - storage.bytes());
            assertThat(Cuda.totalBytes(GPU)).isEqualTo(8L << 30);
        }
    }

    @Test
    void tooLittleMemoryIsToldInOneLine() {
        try (Backend gpu = Cuda.open(GPU, Precision.FP32)) {
            assertThatThrownBy(() -> gpu.allocate(ElementType.FLOAT, 4L << 30))
                    .isInstanceOf(AllocationException.class)
                    .hasMessageMatching(
                            "no memory for 17179869184 bytes on cuda:0 \\(\\d+ of its 8589934592 bytes are free\\):"
                                    + " use a smaller batch or more replicas");
        }
    }

    @Test
    void aDeviceThatBreaksOffIsLostAndNoFaultOfTheModel() {
        try (Backend gpu = Cuda.open(GPU, Precision.FP32);
                Storage storage = gpu.allocate(ElementType.FLOAT, 8)) {
            FakeCuda.set("FAIL", "memset");
            assertThatThrownBy(() -> {
                        storage.zero();
                        storage.read(0, new float[8], 0, 8);
                    })
                    .isInstanceOf(DeviceLostException.class)
                    .hasMessageStartingWith("CUDA failed at ")
                    .hasMessageEndingWith("see the GPU's state in nvidia-smi and the kernel's log, or use another GPU");
            FakeCuda.set("FAIL", "");
            FakeCuda.recover();
        }
    }

    @Test
    void aMachineWithoutADriverIsToldSo(@TempDir Path folder) throws Exception {
        assumeTrue(openIn(folder).contains("libcudart.so.13: cannot open"), "needs a machine without CUDA");
        link(folder, RUNTIME);
        assertThat(openIn(folder))
                .isEqualTo(
                        "CudaException: a GPU was asked for, and this machine has no NVIDIA driver: install one of version "
                                + "580 or newer (in a container NVIDIA's container toolkit brings the host's along)");
    }

    @Test
    void aMissingLibraryIsNamed(@TempDir Path folder) throws Exception {
        link(folder, RUNTIME);
        link(folder, DRIVER);
        String message = openIn(folder);
        assumeTrue(message.contains("libcublas"), "needs a machine without CUDA");
        assertThat(message)
                .startsWith("CudaException: a GPU was asked for, and cuBLAS doesn't load on this machine (")
                .contains(": cannot open shared object file")
                .endsWith(
                        "): install CUDA 13, cuDNN 9 and NCCL 2, and put the folders of their libraries on LD_LIBRARY_PATH");
    }

    private static void link(Path folder, List<String> libraries) throws IOException {
        Path built = FakeCuda.build().orElseThrow();
        for (String library : libraries) {
            Files.copy(built.resolve(library), folder.resolve(library));
        }
    }

    /** What a process of its own with that library path meets; twice, as two replicas of one executor would. */
    private static String openIn(Path libraries) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        // JavaCPP keeps links to the libraries that it once found.
                        "-Dorg.bytedeco.javacpp.cachedir=" + libraries.resolve("cache"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Opening.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("LD_LIBRARY_PATH", libraries.toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        List<String> lines = output.lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(1)).isEqualTo(lines.get(0));
        return lines.get(0);
    }

    /** Prints what keeps it from opening a GPU. */
    static final class Opening {
        private Opening() {}

        public static void main(String[] args) {
            for (int attempt = 0; attempt < 2; attempt++) {
                try {
                    open(0);
                } catch (RuntimeException e) {
                    System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
                }
            }
        }
    }
}
