package io.densespark.spark.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where the build put what the integration tests run: the Spark home, the job jar and the tests' own jar. */
public record SparkHome(Path home) {

    private static final Pattern SPARK_CORE = Pattern.compile("spark-core_(2\\.\\d+)-(.+)\\.jar");

    /** The Spark home of this build ({@code -Ddensespark.spark.home}). */
    public static SparkHome assembled() {
        return new SparkHome(path("densespark.spark.home"));
    }

    /** The Spark home with whose results others are compared ({@code -Ddensespark.reference.spark.home}); or that of this build. */
    public static SparkHome reference() {
        String reference = "densespark.reference.spark.home";
        return System.getProperty(reference) == null ? assembled() : new SparkHome(path(reference));
    }

    /** The job jar as users submit it ({@code -Ddensespark.jar}). */
    public static Path jobJar() {
        return path("densespark.jar");
    }

    /**
     * Where the processes of all integration tests unpack the job jar's native libraries: once a build, and not once a
     * process.
     */
    static Path natives() {
        return jobJar().resolveSibling("natives");
    }

    /** The jar of the test classes ({@code -Ddensespark.test.jar}): jobs that only a test submits live there. */
    public static Path testJar() {
        return path("densespark.test.jar");
    }

    /** The repository's {@code conf} folder ({@code -Ddensespark.conf}). */
    public static Path conf() {
        return path("densespark.conf");
    }

    /** Every jar that Spark puts on the class path of the driver and of the executors. */
    public List<Path> jars() {
        try (Stream<Path> files = Files.list(home.resolve("jars"))) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("no Spark home at " + home, e);
        }
    }

    /** The Spark version, for example {@code 3.5.9}. */
    public String version() {
        return sparkCore().group(2);
    }

    /** The Scala version that this Spark was built for, for example {@code 2.12}. */
    public String scalaVersion() {
        return sparkCore().group(1);
    }

    private Matcher sparkCore() {
        return jars().stream()
                .map(jar -> SPARK_CORE.matcher(jar.getFileName().toString()))
                .filter(Matcher::matches)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no spark-core jar in " + home.resolve("jars")));
    }

    private static Path path(String property) {
        String value = Optional.ofNullable(System.getProperty(property))
                .orElseThrow(() -> new IllegalStateException(
                        "-D" + property + " is not set: run the integration tests by `mvn verify`"));
        Path path = Path.of(value).normalize();
        if (!Files.exists(path)) {
            throw new IllegalStateException("-D" + property + " names " + path + ", which does not exist");
        }
        return path;
    }
}
