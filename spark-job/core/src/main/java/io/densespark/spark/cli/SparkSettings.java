package io.densespark.spark.cli;

import io.densespark.data.files.Obstacle;
import io.densespark.spark.JobException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.internal.config.ConfigEntry;
import scala.Tuple2;

/**
 * Checks Spark's own settings before it starts. It reads each where it is needed: one that is malformed may show only
 * when executors die of it one after another, and where no local folder can be written, Spark ends the JVM.
 */
final class SparkSettings {
    private static final List<String> DECLARATIONS =
            List.of("org.apache.spark.internal.config.package$", "org.apache.spark.internal.config.Network$");
    private static final String LOCAL_FOLDERS = "spark.local.dir";
    private static final String REFERENCE = "${";

    private SparkSettings() {}

    /** @throws JobException naming the first setting that can't work */
    static void require(SparkConf conf, Map<String, String> environment) {
        requireReadable(conf);
        requireLocalFolder(conf, environment);
    }

    private static void requireReadable(SparkConf conf) {
        try {
            for (String declarations : DECLARATIONS) {
                Class.forName(declarations);
            }
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("this Spark declares its settings elsewhere", e);
        }
        for (Tuple2<String, String> setting : conf.getAll()) {
            ConfigEntry<?> entry = ConfigEntry.findEntry(setting._1());
            if (entry != null && !setting._2().contains(REFERENCE)) {
                requireReadable(entry, setting._1(), setting._2());
            }
        }
    }

    private static void requireReadable(ConfigEntry<?> entry, String key, String value) {
        try {
            entry.valueConverter().apply(value);
        } catch (IllegalArgumentException e) {
            throw new JobException(
                    "Spark's setting " + key + " is '" + value + "', which Spark can't read ("
                            + Obstacle.reason(e)
                            + "): mend it in --conf or spark-defaults.conf",
                    e);
        }
    }

    private static void requireLocalFolder(SparkConf conf, Map<String, String> environment) {
        // In a container of YARN the folders are YARN's choice.
        if (environment.containsKey("CONTAINER_ID")) {
            return;
        }
        String folders = environment.getOrDefault(
                "SPARK_LOCAL_DIRS", conf.get(LOCAL_FOLDERS, System.getProperty("java.io.tmpdir")));
        if (Arrays.stream(folders.split(",", -1)).noneMatch(SparkSettings::canBeWritten)) {
            throw new JobException("Spark can write to none of its local folders " + List.of(folders)
                    + ": set --conf " + LOCAL_FOLDERS + " to one that can be written, or SPARK_LOCAL_DIRS, which comes "
                    + "before it");
        }
    }

    private static boolean canBeWritten(String folder) {
        try {
            Path path = Files.createDirectories(Path.of(folder.strip()));
            Files.delete(Files.createTempFile(path, "probe", null));
            return true;
        } catch (IOException | InvalidPathException e) {
            return false;
        }
    }
}
