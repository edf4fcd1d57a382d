package io.densespark.benchmark.replica;

import static org.assertj.core.api.Assertions.assertThat;
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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The command in a process whose machine has a GPU: the fake one of the module {@code model}. */
@ExtendWith(SharedNatives.class)
@Tag("slow")
class GpuCheckTest {
    private static final String NATIVES = "org.bytedeco.javacpp.cachedir";
    private static final Path MODEL = Path.of("../../model");
    private static final long LIMIT_SECONDS = 120;

    @TempDir
    private Path folder;

    private record Outcome(int status, String text) {}

    private static Path fake() {
        Optional<Path> fake = FakeCuda.build(
                MODEL.resolve("src/test/fakecuda"),
                MODEL.resolve("src/main/resources/io/densespark/model/cuda/passes.cu"),
                MODEL.resolve("target/fakecuda"));
        assumeTrue(fake.isPresent(), "needs a C++ compiler");
        return fake.get();
    }

    private Outcome benchmark(Path libraries, Map<String, String> environment, List<String> arguments)
            throws IOException, InterruptedException {
        Path text = folder.resolve("text");
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-D" + NATIVES + "=" + System.getProperty(NATIVES),
                "-cp",
                System.getProperty("java.class.path"),
                DenseSpark.class.getName(),
                "benchmark")));
        builder.command().addAll(arguments);
        builder.environment().putAll(environment);
        builder.environment().put("LD_LIBRARY_PATH", libraries.toString());
        Process process =
                builder.redirectErrorStream(true).redirectOutput(text.toFile()).start();
        assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        return new Outcome(process.exitValue(), Files.readString(text));
    }

    @Test
    void theCheckOfAGpuFindsItRightAndWritesAPageAndItsFigures() throws Exception {
        Path json = folder.resolve("gpu.json");
        Path page = folder.resolve("gpu.html");

        Outcome outcome = benchmark(
                fake(), Map.of(), List.of("gpu", "--quick", "--steps=1", "--json=" + json, "--report=" + page));

        assertThat(outcome.status()).as(outcome.text()).isZero();
        assertThat(outcome.text()).contains("Fake CUDA device 0").doesNotContain("FAILED");
        JsonNode found = new ObjectMapper().readTree(json.toFile());
        assertThat(found.get("gpu").get("compute_capability").asText()).isEqualTo("9.0");
        // Three networks, three precisions; loss, gradients, outputs, and the bits at three levels.
        assertThat(found.get("checks")).hasSize(3 * 3 * 6).allMatch(check -> check.get("passed")
                .asBoolean());
        assertThat(found.get("checks"))
                .noneMatch(check -> check.get("what").asText().equals("gradients")
                        && check.get("precision").asText().equals("bf16")
                        && check.get("found").asDouble() < 1e-3);
        // A network, three precisions, one level.
        assertThat(found.get("steps")).hasSize(3);
        assertThat(found.get("steps"))
                .allMatch(step -> step.get("row").get("measured_peak_bytes").asLong()
                        <= step.get("row").get("planned_peak_bytes").asLong());
        assertThat(page).content().contains("<h2>Against the CPU</h2>", "densespark (bottleneck, bf16)");
    }

    @Test
    void withoutADriverTheCheckSaysSoAndWritesNothing() throws Exception {
        Path json = folder.resolve("gpu.json");
        Outcome outcome = benchmark(
                fake(),
                Map.of("FAKECUDA_DRIVER", "0"),
                List.of("gpu", "--quick", "--json=" + json, "--report=" + folder.resolve("gpu.html")));

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.text().lines().filter(line -> line.startsWith("error: ")))
                .singleElement()
                .asString()
                .contains("a GPU was asked for, and this machine has no NVIDIA driver");
        assertThat(json).doesNotExist();
    }
}
