package io.densespark.benchmark.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.benchmark.Json;
import io.densespark.spark.JobException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PassRunTest {
    private static PassRun run(String pattern, int threads, Optional<String> json) {
        return new PassRun(pattern, List.of(PassShape.BC_100_12_BLOCK_3), threads, 1, Optional.empty(), json);
    }

    @Test
    @Tag("slow")
    void jmhMeasuresThePassesAndShapesThatWereAskedForAndWritesItsResults(@TempDir Path folder) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Path results = folder.resolve("passes.json");

        run("copy", 1, Optional.of(results.toString())).run(new PrintStream(out, true, StandardCharsets.UTF_8));

        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsPattern("PassBenchmark.copy:GB +FP32 +BC_100_12_BLOCK_3 +thrpt");
        assertThat(Json.tree(Files.readString(results)))
                .extracting(result -> result.get("benchmark").asText())
                .containsOnly(PassBenchmark.class.getName() + ".copy")
                .hasSize(2);
        assertThat(Json.tree(Files.readString(results)))
                .extracting(result -> result.get("params").get("precision").asText())
                .containsExactly("FP32", "BF16");
    }

    @Test
    void whatIsNoExpressionOrTooSmallIsRefusedByTheSettingsName() {
        assertThatThrownBy(() -> run("copy(", 1, Optional.empty()))
                .isInstanceOf(JobException.class)
                .hasMessageStartingWith("setting include copy(: is no regular expression");
        assertThatThrownBy(() -> run("copy", 0, Optional.empty()))
                .isInstanceOf(JobException.class)
                .hasMessage("setting threads 0: must be at least 1");
    }
}
