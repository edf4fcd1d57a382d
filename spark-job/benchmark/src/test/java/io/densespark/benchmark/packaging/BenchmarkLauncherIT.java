package io.densespark.benchmark.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.spark.harness.SparkHome;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which jars the launcher passes on, in a project of its own and in front of a spark-submit that shows its call. */
class BenchmarkLauncherIT {
    @TempDir
    private Path folder;

    private Path root;
    private Path sparkHome;
    private Path jar;

    @BeforeEach
    void makeAProject() throws Exception {
        root = folder.toRealPath().resolve("project");
        for (String part : List.of("model", "data-prep", "conf")) {
            Files.createDirectories(root.resolve(part));
        }
        Files.createFile(root.resolve("pom.xml"));
        Files.createDirectories(root.resolve("spark-job/bin"));
        Files.createDirectories(root.resolve("spark-job/runtime-3.5/target/spark/jars"));
        Files.createFile(
                Files.createDirectories(root.resolve("spark-job/core/target")).resolve("densespark.jar"));
        jar = Files.createFile(Files.createDirectories(root.resolve("spark-job/benchmark/target"))
                .resolve("densespark-benchmark.jar"));
        Path scripts = SparkHome.conf().resolveSibling("spark-job").resolve("bin");
        for (String script : List.of("densespark", "source-checksum")) {
            Files.copy(scripts.resolve(script), root.resolve("spark-job/bin").resolve(script));
        }
        recordTheSources();
        sparkHome = folder.toRealPath().resolve("spark");
        Path submit = Files.createDirectories(sparkHome.resolve("bin")).resolve("spark-submit");
        Files.writeString(submit, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        Files.setPosixFilePermissions(submit, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** As the build does: the launcher has nothing to build then. */
    private void recordTheSources() throws Exception {
        Process checksum = new ProcessBuilder(
                        root.resolve("spark-job/bin/source-checksum").toString())
                .redirectOutput(root.resolve("spark-job/core/target/densespark.jar.sources")
                        .toFile())
                .start();
        assertThat(checksum.waitFor()).isZero();
    }

    @Test
    void aBenchmarkGetsItsJarAndAnyOtherCommandDoesNot() throws Exception {
        assertThat(jars("benchmark", "cluster", "--replicas", "1")).containsExactly(jar.toString());
        assertThat(jars("train", "--epochs", "1")).isEmpty();
    }

    @Test
    void theUsersOwnJarsGoAlong() throws Exception {
        assertThat(jars("benchmark", "memory", "--jars", "a.jar,b.jar")).containsExactly(jar + ",a.jar,b.jar");
        assertThat(jars("--conf", "spark.jars=a.jar", "benchmark", "memory")).containsExactly(jar + ",a.jar");
        assertThat(jars("train", "--jars=a.jar,b.jar")).containsExactly("a.jar,b.jar");
    }

    /** The values of {@code --jars} in the call of spark-submit. */
    private List<String> jars(String... arguments) throws Exception {
        List<String> commandLine =
                new ArrayList<>(List.of(root.resolve("spark-job/bin/densespark").toString()));
        commandLine.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(commandLine).redirectErrorStream(true);
        builder.environment().put("SPARK_HOME", sparkHome.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        List<String> words;
        try (InputStream out = process.getInputStream()) {
            words = new String(out.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
        assertThat(process.waitFor()).as(String.join("\n", words)).isZero();
        List<String> values = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).equals("--jars")) {
                values.add(words.get(i + 1));
            }
        }
        return values;
    }
}
