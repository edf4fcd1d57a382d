package io.densespark.benchmark.bigdl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.densespark.benchmark.step.SharedNatives;
import io.densespark.data.fixture.Digits;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ParameterLayout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Real BigDL on its own Spark, beside a replica: both learn from the bundled digits. */
@ExtendWith(SharedNatives.class)
@Tag("slow")
class BigDlBenchmarkIT {
    private static final int BATCH = 16;
    private static final DenseNetSpec NETWORK = DenseNetSpec.bc(16, 4, 1, 10);

    @TempDir
    private static Path shared;

    private static Path data;

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @BeforeAll
    static void prepareDigits() {
        data = Digits.prepare(shared, 1000);
    }

    private JsonNode rows(int cores) throws IOException {
        Path json = folder.resolve("rows.json");
        BigDlBenchmark.run(
                new BigDlBenchmarkSettings(
                        data.toUri().toString(),
                        NETWORK,
                        BATCH,
                        2,
                        3,
                        1,
                        cores,
                        Path.of(System.getProperty("densespark.bigdl.home")),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        Optional.of("1g"),
                        Optional.of(json.toString())),
                new Configuration(),
                new PrintStream(printed, true, StandardCharsets.UTF_8),
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
        return new ObjectMapper().readTree(json.toFile());
    }

    private static void requireMeasured(JsonNode row, String implementation, int cores) {
        assertThat(row.get("implementation").asText()).isEqualTo(implementation);
        assertThat(row.get("cores").asInt()).isEqualTo(cores);
        assertThat(row.get("batch").asInt()).isEqualTo(BATCH);
        assertThat(row.get("parameters").asLong())
                .isEqualTo(ParameterLayout.of(NETWORK).parameterCount());
        assertThat(row.get("images_per_second").asDouble())
                .isCloseTo(BATCH / row.get("median_step_seconds").asDouble(), within(1e-9));
        assertThat(row.get("peak_resident_bytes").asLong()).isBetween(50_000_000L, 4_000_000_000L);
        assertThat(row.get("losses")).hasSize(4);
        row.get("losses").forEach(loss -> assertThat(loss.asDouble()).isBetween(0.5, 4.0));
    }

    @Test
    void onOneCoreBothHaveTheSameLosses() throws IOException {
        // Fails by itself if they differ by more than it says.
        JsonNode rows = rows(1);

        assertThat(rows).hasSize(2);
        requireMeasured(rows.get(0), "densespark", 1);
        requireMeasured(rows.get(1), "bigdl", 1);
        JsonNode ours = rows.get(0).get("losses");
        JsonNode theirs = rows.get(1).get("losses");
        assertThat(ours.get(0).asDouble()).isCloseTo(theirs.get(0).asDouble(), within(2e-4));
        assertThat(ours.get(3).asDouble())
                .isLessThan(ours.get(0).asDouble())
                .isCloseTo(theirs.get(3).asDouble(), within(5e-3));
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains(
                        "mnist-10k: 16 training images of 28x28x1, median of 3 steps in each of 2 processes, once their time had settled")
                .containsPattern("\ndensespark +1 +\\d")
                .containsPattern("\nbigdl +1 +\\d")
                .containsPattern("\n4 +\\d\\.\\d{5} +\\d\\.\\d{5}\n");
    }

    @Test
    void onTwoCoresBothLearn() throws IOException {
        JsonNode rows = rows(2);

        assertThat(rows).hasSize(2);
        requireMeasured(rows.get(0), "densespark", 2);
        requireMeasured(rows.get(1), "bigdl", 2);
        for (JsonNode row : rows) {
            assertThat(row.get("losses").get(3).asDouble())
                    .isLessThan(row.get("losses").get(0).asDouble());
        }
    }
}
