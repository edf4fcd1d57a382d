package io.densespark.benchmark.bigdl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.densespark.benchmark.step.SharedNatives;
import io.densespark.benchmark.step.StepFolder;
import io.densespark.benchmark.step.StepProcess;
import io.densespark.data.fixture.Digits;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.spark.JobException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** All but BigDL itself: JVMs that can't run it, and settings. */
@ExtendWith(SharedNatives.class)
class BigDlBenchmarkTest {
    @TempDir
    private static Path shared;

    private static Path data;

    @TempDir
    private Path folder;

    private Path home;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @BeforeAll
    static void prepareDigits() {
        data = Digits.prepare(shared, 1000);
    }

    @BeforeEach
    void pretendToHaveBigDl() throws IOException {
        home = Files.createDirectories(folder.resolve("bigdl"));
        Files.createFile(home.resolve("bigdl-SPARK_2.4-0.13.0.jar"));
    }

    /** A script in the place of a JVM. */
    private String java(String version, String... run) throws IOException {
        String script = "#!/bin/sh\nif [ \"$1\" = -version ]; then echo 'openjdk version \"" + version
                + "\" 2025-09-16' >&2; exit 0; fi\n" + String.join("\n", run) + "\n";
        Path file = Files.writeString(folder.resolve("java"), script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file.toString();
    }

    private BigDlBenchmarkSettings settings(Path bigDlHome, String java, int batch, int cores) {
        return new BigDlBenchmarkSettings(
                data.toUri().toString(),
                DenseNetSpec.bc(10, 4, 3, 10),
                batch,
                1,
                1,
                1,
                cores,
                bigDlHome,
                java,
                Optional.of("1g"),
                Optional.of(folder.resolve("rows.json").toString()));
    }

    private void run(BigDlBenchmarkSettings settings) throws IOException {
        BigDlBenchmark.run(
                settings,
                new Configuration(),
                new PrintStream(printed, true, StandardCharsets.UTF_8),
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
    }

    private void requireOnlyOurRow() throws IOException {
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("mnist-10k: 8 training images of 28x28x1, median of 1 steps in each of 1 processes")
                .containsPattern("\ndensespark +1 ")
                .doesNotContain("bigdl");
        JsonNode rows = new ObjectMapper().readTree(folder.resolve("rows.json").toFile());
        assertThat(rows).hasSize(1);
        assertThat(rows.get(0).get("implementation").asText()).isEqualTo("densespark");
        assertThat(rows.get(0).get("losses")).hasSize(2);
        assertThat(rows.get(0).get("peak_resident_bytes").asLong()).isGreaterThan(20_000_000);
    }

    @Test
    void whereBigDlCannotRunItSaysSoAndDenseSparksRowIsPrinted() throws IOException {
        String java = java(
                "25", "echo '{\"error\":\"java.lang.UnsupportedOperationException: getSubject is not supported\"}'");

        assertThatThrownBy(() -> run(settings(home, java, 8, 1)))
                .isInstanceOf(JobException.class)
                .hasMessage("BigDL can't run on Java 25: java.lang.UnsupportedOperationException: getSubject is not"
                        + " supported; name another JVM with --bigdl-java");
        requireOnlyOurRow();
    }

    @Test
    @Tag("slow")
    void aJvmThatEndsWithoutAnAnswerIsToldByItsLastWords() throws IOException {
        List<String> script = List.of("sh", "-c", "echo 'Unrecognized option' >&2; echo 'out of luck' >&2; exit 3");
        try (StepFolder files = new StepFolder();
                StepProcess process = files.start("BigDL", script)) {
            assertThat(BigDlBenchmark.refusal(process, 26))
                    .contains("BigDL can't run on Java 26: out of luck; name another JVM with --bigdl-java");
        }
    }

    @Test
    @Tag("slow")
    void aStepThatFailsEndsBigDlOnly() throws IOException {
        String java = java("17.0.1", "echo '{}'", "read command", "echo '{\"error\":\"Java heap space\"}'");

        assertThatThrownBy(() -> run(settings(home, java, 8, 1)))
                .isInstanceOf(JobException.class)
                .hasMessage("BigDL: Java heap space");
        requireOnlyOurRow();
    }

    /** The measured JVM gets the heap, the task and its jars; the batch that it is told of is there. */
    @Test
    void theJvmIsStartedOnBigDlsJars() throws IOException {
        List<String> command =
                new BigDlJava("/jdk/bin/java", 17).training(settings(home, "java", 8, 1), Path.of("task"), folder);

        assertThat(command)
                .startsWith("/jdk/bin/java", "-Xmx1g")
                .contains("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", "-Djava.io.tmpdir=" + folder)
                .endsWith("-cp", home + "/*", "io.densespark.bigdl.BigDlTraining", "task");
    }

    @Test
    void aFolderWithoutBigDlIsNamedBeforeAnyWork() {
        assertThatThrownBy(() -> run(settings(folder.resolve("nowhere"), "java", 8, 1)))
                .isInstanceOf(JobException.class)
                .hasMessageContainingAll("setting bigdl-home", "nowhere", "mvn package");
        assertThatThrownBy(() -> run(settings(data, "java", 8, 1)))
                .isInstanceOf(JobException.class)
                .hasMessageContainingAll("setting bigdl-home", data.toString());
        assertThat(printed.size()).isZero();
    }

    @Test
    void aJvmThatIsNoneOrTooOldIsNamed() throws IOException {
        assertThatThrownBy(() -> BigDlJava.of("/no/java"))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("setting bigdl-java /no/java can't be started");
        assertThatThrownBy(() -> BigDlJava.of("true"))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("setting bigdl-java true is no JVM (it prints nothing)");
        String old = java("1.8.0_402");
        assertThatThrownBy(() -> BigDlJava.of(old))
                .isInstanceOf(JobException.class)
                .hasMessageContainingAll("is Java 8", "needs Java 17 or newer");
        assertThat(BigDlJava.of(java("21.0.2")).version()).isEqualTo(21);
    }

    @Test
    void settingsOutOfRangeAreNamed() {
        assertThatThrownBy(() -> settings(home, "java", 9, 2))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("setting batch 9 isn't a multiple of cores 2");
        assertThatThrownBy(() -> settings(home, "java", 0, 1)).hasMessageContaining("setting batch 0");
        assertThatThrownBy(() -> settings(home, "java", 8, 0)).hasMessageContaining("setting cores 0");
    }

    private static BigDlRow row(String name, double seconds, long bytes, Double... losses) {
        return new BigDlRow(
                name,
                1,
                8,
                seconds,
                0.8 * seconds,
                1.2 * seconds,
                seconds < 1,
                8 / seconds,
                bytes,
                1234,
                List.of(losses));
    }

    @Test
    void theTableHasBothSideBySide() {
        String table = BigDlTable.of(
                List.of(row("densespark", 0.25, 100_000_000, 2.25, 2.0), row("bigdl", 1, 400_000_000, 2.25, 2.125)));

        assertThat(table.lines())
                .containsExactly(
                        "implementation  cores  s/step    from      to  images/s  peak MB  x time  x memory",
                        "densespark          1  0.2500  0.2000  0.3000      32.0    100.0    0.25      0.25",
                        "bigdl               1  1.0000  0.8000  1.2000       8.0    400.0    1.00      1.00",
                        "1,234 parameters; MB are 10^6 bytes of the whole process; ratios are to bigdl",
                        "timed before the time of its steps had settled: bigdl",
                        "loss of step  densespark    bigdl",
                        "1                2.25000  2.25000",
                        "2                2.00000  2.12500");
    }

    @Test
    void lossesMayDifferByRoundingOnly() {
        assertThat(BigDlAgreement.differences(row("densespark", 1, 1, 2.0, 1.502), row("bigdl", 1, 1, 2.00001, 1.5)))
                .isEmpty();
        assertThat(BigDlAgreement.differences(row("densespark", 1, 1, 2.0, 1.505), row("bigdl", 1, 1, 2.01, 1.5)))
                .containsExactly(
                        "the losses of step 1 differ by more than 1.0E-4 of them: densespark 2.00000, bigdl 2.01000",
                        "the losses of step 2 differ by more than 0.002 of them: densespark 1.50500, bigdl 1.50000");
        assertThat(BigDlAgreement.differences(row("densespark", 1, 1, Double.NaN), row("bigdl", 1, 1, 2.0)))
                .hasSize(1);
    }
}
