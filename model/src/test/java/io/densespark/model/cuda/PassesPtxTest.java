package io.densespark.model.cuda;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.bytedeco.cuda.global.nvrtc;
import org.bytedeco.cuda.nvrtc._nvrtcProgram;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.SizeTPointer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code passes.cu} by NVIDIA's run-time compiler, where the environment variable {@code NVRTC} names a {@code
 * libnvrtc.so.13}; no GPU is needed. With {@code -Ddensespark.ptx.write=true} it makes {@code passes.ptx} anew instead of
 * comparing it: {@code model/src/main/cuda/make-ptx.sh} does so.
 */
class PassesPtxTest {
    private static final Path FOLDER = Path.of("src/main/resources/io/densespark/model/cuda");

    /** The oldest GPUs that CUDA 13 knows. */
    private static final String VIRTUAL_GPU = "compute_75";

    @BeforeEach
    void needsTheCompiler() {
        String library = System.getenv("NVRTC");
        assumeTrue(library != null, "NVRTC names no libnvrtc.so.13");
        // The bindings of the compiler are linked to the driver as well.
        assumeTrue(FakeCuda.load(), "needs a C++ compiler");
        // It looks for its other half by name, on the system's path unless that is loaded already.
        System.load(Path.of(library).resolveSibling("libnvrtc-builtins.so.13.0").toString());
        System.load(library);
        Loader.load(nvrtc.class);
    }

    @Test
    void thePtxOfTheJarIsThatOfTheSource() throws IOException {
        String made = ptx();
        Path kept = FOLDER.resolve("passes.ptx");
        if (Boolean.getBoolean("densespark.ptx.write")) {
            Files.writeString(kept, made, US_ASCII);
        }
        String old = Files.readString(kept, US_ASCII);
        assumeTrue(release(old).equals(release(made)), "passes.ptx is of another release: " + release(old));

        assertThat(made).isEqualTo(old);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sm_75", "sm_80", "sm_90", "sm_100"})
    void noKernelSpillsRegisters(String gpu) throws IOException {
        String log = compile(gpu, "--ptxas-options=-v").log();

        assertThat(log).contains("0 bytes spill stores, 0 bytes spill loads");
        assertThat(log.lines().filter(line -> line.contains("spill")))
                .allMatch(line -> line.contains("0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads"));
    }

    private static String release(String ptx) {
        return ptx.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).contains("cuda compilation tools"))
                .findFirst()
                .orElseThrow();
    }

    private record Compiled(String ptx, String log) {}

    private static String ptx() throws IOException {
        return compile(VIRTUAL_GPU).ptx();
    }

    private static Compiled compile(String gpu, String... more) throws IOException {
        String source = Files.readString(FOLDER.resolve("passes.cu"), UTF_8);
        String[] options = Stream.concat(
                        List.of("--gpu-architecture=" + gpu, "-default-device", "--std=c++17").stream(),
                        Arrays.stream(more))
                .toArray(String[]::new);
        try (_nvrtcProgram program = new _nvrtcProgram();
                BytePointer text = new BytePointer(source);
                BytePointer name = new BytePointer("passes.cu");
                PointerPointer<BytePointer> arguments = new PointerPointer<>(options);
                SizeTPointer size = new SizeTPointer(1)) {
            nvrtc.nvrtcCreateProgram(program, text, name, 0, (PointerPointer<?>) null, null);
            int status = nvrtc.nvrtcCompileProgram(program, options.length, arguments);
            nvrtc.nvrtcGetProgramLogSize(program, size);
            String log;
            try (BytePointer words = new BytePointer(size.get())) {
                nvrtc.nvrtcGetProgramLog(program, words);
                log = words.getString();
            }
            assertThat(status).as(log).isZero();
            nvrtc.nvrtcGetPTXSize(program, size);
            try (BytePointer made = new BytePointer(size.get())) {
                nvrtc.nvrtcGetPTX(program, made);
                return new Compiled(made.limit(size.get() - 1).getString(), log);
            }
        }
    }
}
