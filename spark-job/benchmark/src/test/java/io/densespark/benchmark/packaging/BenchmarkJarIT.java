package io.densespark.benchmark.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.spark.harness.SparkHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The jar of the benchmarks beside the job jar. */
class BenchmarkJarIT {
    private static final String SERVICE = "META-INF/services/io.densespark.spark.cli.CommandGroup";

    private static Path jar() {
        return Path.of(System.getProperty("densespark.benchmark.jar"));
    }

    @Test
    void itHoldsTheBenchmarksJmhAndThePlotsAndNothingOfTheJobJar() throws IOException {
        Set<String> ours = classes(jar());

        assertThat(ours)
                .allMatch(name -> name.startsWith("io/densespark/benchmark/")
                        || name.startsWith("io/densespark/shaded/org/knowm/xchart/")
                        || name.startsWith("io/densespark/shaded/org/apache/batik/")
                        || name.startsWith("org/openjdk/jmh/")
                        || name.startsWith("joptsimple/"))
                .contains("io/densespark/benchmark/cli/BenchmarkCommands.class")
                .doesNotContainAnyElementsOf(classes(SparkHome.jobJar()));
    }

    @Test
    void theJobJarHasNoPlotsAndNoBenchmarks() throws IOException {
        assertThat(classes(SparkHome.jobJar()))
                .noneMatch(name -> name.contains("xchart") || name.contains("batik"))
                .noneMatch(name -> name.startsWith("io/densespark/benchmark/"));
    }

    @Test
    void itIsSmallAndOffersItsCommands() throws IOException {
        assertThat(Files.size(jar())).isLessThan(3_000_000);
        try (JarFile file = new JarFile(jar().toFile())) {
            assertThat(file.getInputStream(file.getEntry(SERVICE)))
                    .hasContent("io.densespark.benchmark.cli.BenchmarkCommands");
        }
    }

    private static Set<String> classes(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream()
                    .map(java.util.zip.ZipEntry::getName)
                    .filter(name -> name.endsWith(".class"))
                    .collect(Collectors.toSet());
        }
    }
}
