package io.densespark.spark.harness;

import io.densespark.spark.barrier.BarrierProbeJob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The classes of a Spark home as the JVM maps them (class data sharing), made once a build by a small job: with it a test's
 * processes start in four fifths of the time. A JVM passes over an archive that isn't of its own class path.
 */
final class ClassArchive {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private ClassArchive() {}

    /** The options of processes of that home. */
    static List<String> options(SparkHome spark) {
        Path archive = SparkHome.jobJar()
                .resolveSibling(
                        "classes-" + spark.version() + "-" + Runtime.version().feature() + ".jsa");
        if (!isNewerThanItsJars(archive, spark)) {
            make(archive, spark);
        }
        return List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds=off", "-Xlog:cds+dynamic=off");
    }

    private static boolean isNewerThanItsJars(Path archive, SparkHome spark) {
        try {
            if (!Files.exists(archive)) {
                return false;
            }
            long made = Files.getLastModifiedTime(archive).toMillis();
            for (Path jar : spark.jars()) {
                if (Files.getLastModifiedTime(jar).toMillis() > made) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void make(Path archive, SparkHome spark) {
        try {
            Path folder = Files.createTempDirectory(archive.getParent(), "classes-");
            Path made = folder.resolve("made.jsa");
            List<String> arguments = List.of(
                    "--class",
                    BarrierProbeJob.class.getName(),
                    "--conf",
                    "spark.master=local[2]",
                    "--conf",
                    "spark.ui.enabled=false",
                    "--jars",
                    "local:" + SparkHome.jobJar(),
                    SparkHome.testJar().toString());
            try (SparkProcess job = SparkProcess.start(
                    ClusterHost.LOCAL,
                    spark,
                    "classes",
                    folder,
                    "org.apache.spark.deploy.SparkSubmit",
                    arguments,
                    Optional.empty(),
                    List.of("-XX:ArchiveClassesAtExit=" + made, "-Xlog:cds=off", "-Xlog:cds+dynamic=off"))) {
                int status = job.await(LIMIT);
                if (status != 0) {
                    throw new AssertionError("the job whose classes are kept has failed:\n" + job.stderr());
                }
            }
            // Of two JVMs that make one at the same time the last one's stays.
            Files.deleteIfExists(archive);
            move(made, archive);
            remove(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + archive, e);
        }
    }

    private static void move(Path made, Path archive) throws IOException {
        try {
            Files.move(made, archive);
        } catch (FileAlreadyExistsException e) {
            // As good as this one.
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
