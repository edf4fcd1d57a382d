package io.densespark.benchmark.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.densespark.benchmark.step.SharedNatives;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Precision;
import io.densespark.spark.JobException;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, on a tiny network. */
@ExtendWith(SharedNatives.class)
class ReplicaBenchmarkTest {
    /** Names a Python interpreter that has torch. */
    private static final String PYTHON = "DENSESPARK_TEST_PYTHON";

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private ReplicaBenchmarkSettings tiny(
            List<RecomputeLevel> levels, int rounds, Optional<String> python, boolean profile) {
        return new ReplicaBenchmarkSettings(
                DenseNetSpec.bc(10, 4, 3, 10),
                new ImageShape(9, 9),
                5,
                levels,
                Device.CPU,
                Precision.TF32,
                rounds,
                2,
                1,
                2,
                python,
                false,
                Optional.of(folder.resolve("rows.json").toString()),
                profile);
    }

    private JsonNode run(ReplicaBenchmarkSettings settings) throws IOException {
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
        ReplicaBenchmark.run(
                settings,
                new Configuration(),
                out,
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
        return new ObjectMapper().readTree(new File(settings.json().orElseThrow()));
    }

    /** Without the rows that only some processors have. */
    private static List<JsonNode> inFp32(JsonNode rows) {
        List<JsonNode> some = new ArrayList<>();
        rows.forEach(row -> {
            if (row.get("precision").asText().equals("fp32")) {
                some.add(row);
            }
        });
        return some;
    }

    @Test
    @Tag("slow")
    void aCpuIsMeasuredInBfloatWhenAskedTo() throws IOException {
        ReplicaBenchmarkSettings settings = tiny(List.of(RecomputeLevel.BOTTLENECK), 1, Optional.empty(), false);
        JsonNode rows = run(new ReplicaBenchmarkSettings(
                settings.spec(),
                settings.image(),
                settings.batch(),
                settings.levels(),
                settings.device(),
                Precision.BF16,
                settings.rounds(),
                settings.steps(),
                settings.warmUp(),
                settings.threads(),
                settings.python(),
                settings.compile(),
                settings.json(),
                settings.profile()));

        JsonNode exact = rows.get(0);
        JsonNode rounded = rows.get(1);
        assertThat(exact.get("precision").asText()).isEqualTo("fp32");
        assertThat(rounded.get("precision").asText()).isEqualTo("bf16");
        assertThat(rounded.get("loss_step1").asDouble())
                .isNotEqualTo(exact.get("loss_step1").asDouble())
                .isCloseTo(exact.get("loss_step1").asDouble(), within(0.05));
        assertThat(rounded.get("planned_peak_bytes").asLong())
                .isEqualTo(MemoryPlan.of(settings.replica(RecomputeLevel.BOTTLENECK, Precision.BF16))
                        .totalBytes());
    }

    @Test
    @Tag("slow")
    void everyRowTrainsTheSameNetworkInAProcessOfItsOwn() throws IOException {
        List<JsonNode> rows = inFp32(run(tiny(List.of(RecomputeLevel.ACTIVATIONS), 2, Optional.empty(), true)));

        assertThat(rows).hasSize(2);
        JsonNode ours = rows.get(0);
        assertThat(ours.get("implementation").asText()).isEqualTo("densespark");
        assertThat(ours.get("layout").asText()).isEqualTo("channels-last");
        assertThat(ours.get("level").asText()).isEqualTo("activations");
        assertThat(ours.get("threads").asInt()).isEqualTo(2);
        assertThat(ours.get("planned_peak_bytes").asLong()).isPositive();
        JsonNode naive = rows.get(1);
        assertThat(naive.get("implementation").asText()).isEqualTo("naive");
        assertThat(naive.get("loss_step1").asDouble())
                .isCloseTo(ours.get("loss_step1").asDouble(), within(1e-5));
        assertThat(naive.get("loss_step2").asDouble())
                .isNotEqualTo(naive.get("loss_step1").asDouble());
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("5 images of 9x9, median of 2 steps in each of 2 processes, once their time had settled")
                .contains("densespark (activations, fp32): ")
                .contains("convolutionBackward")
                .contains("outside kernels");
        assertThat(children()).isEmpty();
    }

    @Test
    void pyTorchTrainsTheSameNetwork() throws IOException {
        String python = System.getenv(PYTHON);
        assumeTrue(python != null, PYTHON + " names no Python with torch");

        List<JsonNode> rows = inFp32(run(tiny(List.of(RecomputeLevel.BOTTLENECK), 1, Optional.of(python), false)));

        assertThat(rows.get(2).get("implementation").asText()).isEqualTo("pytorch");
        assertThat(rows.get(2).get("layout").asText()).isEqualTo("nchw");
        assertThat(rows.get(3).get("layout").asText()).isEqualTo("channels-last");
        assertThat(rows.get(4).get("implementation").asText()).isEqualTo("pytorch-checkpoint");
    }

    @Test
    void anInterpreterWithoutTorchIsNamedBeforeAnyWork() throws IOException {
        Path python = folder.resolve("python");
        Files.writeString(python, "#!/bin/sh\necho \"ModuleNotFoundError: No module named 'torch'\" >&2\nexit 1\n");
        Files.setPosixFilePermissions(python, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThatThrownBy(() -> run(tiny(List.of(RecomputeLevel.NONE), 1, Optional.of(python.toString()), false)))
                .isInstanceOf(JobException.class)
                .hasMessageContaining(python.toString())
                .hasMessageContaining("No module named 'torch'")
                .hasMessageContaining("pip install torch");
    }

    @Test
    void anInterpreterThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> run(tiny(List.of(RecomputeLevel.NONE), 1, Optional.of("/no/python"), false)))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("setting python /no/python can't be started");
    }

    /** A Python whose torch is a sham: it fails when the script starts. */
    @Test
    void aProcessThatFailsIsNamedAndNoOtherStays() throws IOException {
        Path python = folder.resolve("python");
        Files.writeString(python, "#!/bin/sh\n[ \"$1\" = -c ] && exit 0\necho 'out of luck' >&2\nexit 3\n");
        Files.setPosixFilePermissions(python, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThatThrownBy(() -> run(tiny(List.of(RecomputeLevel.NONE), 1, Optional.of(python.toString()), false)))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("pytorch")
                .hasMessageContaining("ended with exit status 3")
                .hasMessageContaining("out of luck");
        assertThat(children()).isEmpty();
    }

    /** A Python whose torch is a sham: it answers, but its losses are another network's. */
    @Test
    @Tag("slow")
    void lossesThatDifferFailAfterTheTableIsPrinted() throws IOException {
        Path python = folder.resolve("python");
        Files.writeString(python, """
                #!/bin/sh
                [ "$1" = -c ] && exit 0
                echo '{}'
                while read -r command; do
                  case $command in
                    step) echo '{"seconds": 1, "loss": 7.5}' ;;
                    memory) echo '{"bytes": 1000000}' ;;
                  esac
                done
                """);
        Files.setPosixFilePermissions(python, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThatThrownBy(() -> run(tiny(List.of(RecomputeLevel.NONE), 1, Optional.of(python.toString()), false)))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("the losses of step 1 differ by more than 1.0E-4")
                .hasMessageContaining("pytorch (nchw, fp32) 7.500000");
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("pytorch-checkpoint");
    }

    @Test
    @Tag("slow")
    void theMeasuredPeakIsCloseToThePlanAtEachLevel() throws IOException {
        ReplicaBenchmarkSettings settings = new ReplicaBenchmarkSettings(
                DenseNetSpec.bc(40, 12, 3, 10),
                new ImageShape(32, 32),
                64,
                List.of(RecomputeLevel.values()),
                Device.CPU,
                Precision.TF32,
                1,
                2,
                0,
                2,
                Optional.empty(),
                false,
                Optional.of(folder.resolve("rows.json").toString()),
                false);

        JsonNode rows = run(settings);

        for (int i = 0; i < RecomputeLevel.values().length; i++) {
            long planned = rows.get(i).get("planned_peak_bytes").asLong();
            assertThat(rows.get(i).get("measured_peak_bytes").asLong())
                    .as(rows.get(i).get("level").asText())
                    .isBetween((long) (0.9 * planned), (long) (1.1 * planned) + 32_000_000);
        }
    }

    @Test
    void settingsOutOfRangeAreNamed() {
        assertThatThrownBy(() -> tiny(List.of(), 1, Optional.empty(), false))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("setting levels");
        DenseNetSpec spec = DenseNetSpec.bc(10, 4, 3, 10);
        assertThatThrownBy(() -> settings(spec, 9, 5, 1, 0, 1)).hasMessageContaining("setting steps 1 with warm-up 0");
        assertThatThrownBy(() -> settings(spec, 9, 0, 2, 0, 1)).hasMessageContaining("setting batch 0");
        assertThatThrownBy(() -> settings(spec, 9, 5, 2, 0, 0)).hasMessageContaining("setting threads 0");
        assertThatThrownBy(() -> settings(spec, 2, 5, 2, 0, 1)).hasMessageContaining("image size 2x2 is too small");
    }

    private static ReplicaBenchmarkSettings settings(
            DenseNetSpec spec, int side, int batch, int steps, int warmUp, int threads) {
        return new ReplicaBenchmarkSettings(
                spec,
                new ImageShape(side, side),
                batch,
                List.of(RecomputeLevel.NONE),
                Device.CPU,
                Precision.TF32,
                1,
                steps,
                warmUp,
                threads,
                Optional.empty(),
                false,
                Optional.empty(),
                false);
    }

    private static List<String> children() {
        try (Stream<ProcessHandle> all = ProcessHandle.current().children()) {
            return all.map(child -> child.info().commandLine().orElse(""))
                    .filter(line -> line.contains("io.densespark.benchmark.step.StepMain"))
                    .toList();
        }
    }
}
