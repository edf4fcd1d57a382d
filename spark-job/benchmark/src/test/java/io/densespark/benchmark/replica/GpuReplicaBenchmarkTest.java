package io.densespark.benchmark.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.densespark.benchmark.step.SharedNatives;
import io.densespark.model.cuda.FakeCuda;
import io.densespark.spark.cli.DenseSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The command in a process whose machine has a GPU: the fake one of the module {@code model}. */
@ExtendWith(SharedNatives.class)
@Tag("slow")
class GpuReplicaBenchmarkTest {
    private static final String NATIVES = "org.bytedeco.javacpp.cachedir";
    private static final Path MODEL = Path.of("../../model");
    private static final long LIMIT_SECONDS = 120;

    @TempDir
    private Path folder;

    private record Outcome(int status, String text) {}

    private Outcome run(Path libraries, String... options) throws IOException, InterruptedException {
        Path text = folder.resolve("text");
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-D" + NATIVES + "=" + System.getProperty(NATIVES),
                "-cp",
                System.getProperty("java.class.path"),
                DenseSpark.class.getName(),
                "benchmark",
                "replica",
                "--depth=10",
                "--growth-rate=4",
                "--image-size=9",
                "--batch=6",
                "--threads=2",
                "--levels=bottleneck",
                "--steps=2",
                "--warm-up=1")));
        builder.command().addAll(List.of(options));
        builder.environment().put("LD_LIBRARY_PATH", libraries.toString());
        Process process =
                builder.redirectErrorStream(true).redirectOutput(text.toFile()).start();
        assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        return new Outcome(process.exitValue(), Files.readString(text));
    }

    private JsonNode rows(Path libraries, String device) throws IOException, InterruptedException {
        Path json = folder.resolve(device + ".json");
        Outcome outcome = run(libraries, "--device=" + device, "--precision=fp32", "--json=" + json);
        assertThat(outcome.status()).as(outcome.text()).isZero();
        return new ObjectMapper().readTree(json.toFile());
    }

    @Test
    void aGpuTrainsTheSameNetworkInThePlannedMemory() throws Exception {
        Optional<Path> fake = FakeCuda.build(
                MODEL.resolve("src/test/fakecuda"),
                MODEL.resolve("src/main/resources/io/densespark/model/cuda/passes.cu"),
                MODEL.resolve("target/fakecuda"));
        assumeTrue(fake.isPresent(), "needs a C++ compiler");

        JsonNode cpu = rows(fake.get(), "cpu");
        JsonNode gpu = rows(fake.get(), "cuda");

        assertThat(gpu).hasSize(1);
        JsonNode row = gpu.get(0);
        assertThat(row.get("threads").asInt()).isEqualTo(1);
        assertThat(row.get("loss_step1").asDouble())
                .isCloseTo(cpu.get(0).get("loss_step1").asDouble(), within(1e-5));
        assertThat(row.get("loss_step2").asDouble())
                .isCloseTo(cpu.get(0).get("loss_step2").asDouble(), within(1e-5));
        assertThat(row.get("measured_peak_bytes").asLong())
                .isPositive()
                .isLessThanOrEqualTo(row.get("planned_peak_bytes").asLong());

        Outcome refused = run(fake.get(), "--device=cuda", "--profile");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.text()).contains("profile a GPU with NVIDIA's tools");
    }
}
