package io.densespark.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The wheel and the job jar in a Python that has PySpark, and with it a Spark of its own: that of the variable
 * DENSESPARK_PYTHON, or {@code python3}. Without PySpark the tests are skipped.
 */
@Tag("slow")
class PySparkIT {
    private static final Path WHEEL = Path.of(System.getProperty("densespark.wheel"));
    private static final Path JOB_JAR = Path.of(System.getProperty("densespark.jar"));
    private static final String PYTHON =
            Optional.ofNullable(System.getenv("DENSESPARK_PYTHON")).orElse("python3");

    @TempDir
    private Path folder;

    private String python(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(PYTHON));
        command.addAll(List.of(arguments));
        Path output = folder.resolve("output.txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("PYTHONPATH", WHEEL.toString());
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return "no " + PYTHON + ": " + e.getMessage();
        }
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES))
                    .as(Files.readString(output))
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return Files.readString(output);
    }

    private void assumeThatPythonHas(String module) throws IOException, InterruptedException {
        String said = python("-c", "import " + module + "; print('it is there')");
        assumeTrue(
                said.lines().anyMatch("it is there"::equals),
                PYTHON + " has no " + module + ": set DENSESPARK_PYTHON to a Python that has pyspark[connect]");
    }

    private String fitSaveAndLoad(String... mode) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(
                Path.of("src", "test", "python", "pipeline.py").toString(), JOB_JAR.toString(), folder.toString()));
        arguments.addAll(List.of(mode));
        return python(arguments.toArray(String[]::new));
    }

    @Test
    void aClassicSessionFitsSavesAndLoads() throws Exception {
        assumeThatPythonHas("pyspark.ml");
        assertThat(fitSaveAndLoad()).contains("80 images as expected");
    }

    @Test
    void soDoesSparkConnectWithModelsThatWereWrittenToDiskMeanwhile() throws Exception {
        assumeThatPythonHas("pyspark.ml.connect.proto");
        assertThat(fitSaveAndLoad("connect")).contains("80 images as expected");
    }
}
