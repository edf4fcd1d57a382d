package io.densespark.spark.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.spark.harness.SparkHome;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher, copied into a project folder with a space in its name, in front of a spark-submit that shows its call. */
class LauncherIT {

    @TempDir
    private Path folder;

    private Path root;
    private Path jar;
    private Path sparkHome;

    /** How a run of the launcher ended. */
    private record Outcome(int exitStatus, List<String> stdout, String stderr) {}

    @BeforeEach
    void makeAProject() throws IOException {
        root = folder.toRealPath().resolve("my project");
        Files.createDirectories(root.resolve("spark-job/bin"));
        Files.createDirectories(root.resolve("spark-job/runtime-3.5/target/spark/jars"));
        Files.createDirectories(root.resolve("spark-job/target"));
        jar = Files.createFile(root.resolve("spark-job/target/densespark.jar"));
        Path launcher = SparkHome.conf().resolveSibling("spark-job").resolve("bin/densespark");
        Files.copy(launcher, root.resolve("spark-job/bin/densespark"));
        sparkHome = folder.toRealPath().resolve("their spark");
        Files.createDirectories(sparkHome.resolve("bin"));
        script(sparkHome.resolve("bin/spark-submit"), "printf '%s\\n' \"$@\"\nexit 5\n");
    }

    @Test
    void sparksOptionsGoBeforeTheJarAndTheCommandsAfterIt() throws Exception {
        Outcome outcome =
                launch("train", "--master", "yarn", "--epochs", "3", "--conf=spark.a=b c", "--", "--name", "mine");

        assertThat(outcome.stdout())
                .containsExactly(
                        "--class",
                        "io.densespark.spark.cli.DenseSpark",
                        "--master",
                        "yarn",
                        "--conf",
                        "spark.a=b c",
                        jar.toString(),
                        "train",
                        "--epochs",
                        "3",
                        "--name",
                        "mine");
    }

    @Test
    void theExitStatusIsTheJobs() throws Exception {
        assertThat(launch("train").exitStatus()).isEqualTo(5);
    }

    @Test
    void itFindsTheProjectThroughASymbolicLink() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), root.resolve("spark-job/bin/densespark"));

        assertThat(run(link, Map.of(), "train").stdout()).contains(jar.toString());
    }

    @Test
    void anOptionWithoutItsValueIsNamed() throws Exception {
        Outcome outcome = launch("train", "--master");

        assertThat(outcome.exitStatus()).isEqualTo(2);
        assertThat(outcome.stderr()).isEqualTo("densespark: --master needs a value\n");
    }

    @Test
    void theDemoTakesNoMaster() throws Exception {
        Outcome outcome = launch("demo", "--master", "yarn");

        assertThat(outcome.exitStatus()).isEqualTo(2);
        assertThat(outcome.stderr()).contains("demo always runs on executors of its own");
    }

    @Test
    void anOldJavaIsRefused() throws Exception {
        Path java = folder.resolve("java8/bin/java");
        Files.createDirectories(java.getParent());
        script(java, "echo 'openjdk version \"1.8.0_402\"' >&2\n");

        Outcome outcome = run(
                root.resolve("spark-job/bin/densespark"),
                Map.of("JAVA_HOME", folder.resolve("java8").toString()),
                "train");

        assertThat(outcome.exitStatus()).isEqualTo(2);
        assertThat(outcome.stderr()).contains("is Java 1: set JAVA_HOME to JDK 17 or newer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model/src/main/java/Changed.java",
                "spark-job/runtime-bigdl/src/main/java/Changed.java",
                "spark-job/runtime-bigdl/pom.xml"
            })
    void aJarThatIsOlderThanASourceIsBuiltAnew(String changed) throws Exception {
        Path source = root.resolve(changed);
        Files.createDirectories(source.getParent());
        Files.createFile(source);
        Files.setLastModifiedTime(jar, FileTime.fromMillis(0));
        Path tools = Files.createDirectories(folder.resolve("tools"));
        script(tools.resolve("mvn"), "echo \"mvn $*\" >&2\n");

        Outcome outcome = run(
                root.resolve("spark-job/bin/densespark"),
                Map.of("PATH", tools + File.pathSeparator + System.getenv("PATH")),
                "train");

        assertThat(outcome.stderr()).contains("densespark: building").contains("package -f " + root + "/pom.xml");
        assertThat(outcome.exitStatus()).isEqualTo(5);
    }

    private Outcome launch(String... arguments) throws Exception {
        return run(root.resolve("spark-job/bin/densespark"), Map.of(), arguments);
    }

    private Outcome run(Path launcher, Map<String, String> environment, String... arguments) throws Exception {
        List<String> commandLine = new ArrayList<>(List.of(launcher.toString()));
        commandLine.addAll(List.of(arguments));
        Path stderr = folder.resolve("stderr");
        ProcessBuilder builder =
                new ProcessBuilder(commandLine).directory(folder.toFile()).redirectError(stderr.toFile());
        builder.environment().put("SPARK_HOME", sparkHome.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (InputStream stdout = process.getInputStream()) {
            List<String> lines = new String(stdout.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return new Outcome(process.waitFor(), lines, Files.readString(stderr));
        }
    }

    private static void script(Path file, String body) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + body);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
