package io.densespark.benchmark.report;

import io.densespark.spark.JobException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Asks before the work whether its results can be written. */
final class OutputFiles {
    private OutputFiles() {}

    /** @throws JobException if {@code file} is a folder or lies in none that can be written */
    static void requireWritable(String setting, Path file) {
        Path folder = file.toAbsolutePath().getParent();
        boolean writable = Files.exists(file)
                ? Files.isRegularFile(file) && Files.isWritable(file)
                : Files.isDirectory(folder) && Files.isWritable(folder);
        if (!writable) {
            throw new JobException(
                    "setting " + setting + " " + file + " can't be written: name a file in a folder that is there");
        }
    }
}
