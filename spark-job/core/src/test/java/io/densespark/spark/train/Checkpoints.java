package io.densespark.spark.train;

import io.densespark.spark.harness.SubmittedJob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a run has left in its folder on the local file system so far. */
final class Checkpoints {
    private static final int POLL_MILLIS = 20;

    private Checkpoints() {}

    /** Waits until a first checkpoint is complete. */
    static void awaitFirst(Path save, SubmittedJob job) {
        while (!isThere(save)) {
            if (!job.isRunning()) {
                throw new AssertionError("the job ended before its first checkpoint:\n" + job.stderr());
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }

    private static boolean isThere(Path save) {
        Path checkpoints = save.resolve("checkpoints");
        if (!Files.isDirectory(checkpoints)) {
            return false;
        }
        try (Stream<Path> folders = Files.list(checkpoints)) {
            return folders.anyMatch(Checkpoints::isComplete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A manifest that is just being written is none yet. */
    private static boolean isComplete(Path folder) {
        Path manifest = folder.resolve("manifest.json");
        try {
            return Files.exists(manifest) && Files.readString(manifest).endsWith("}");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines of {@code results.csv}. */
    static List<String> rows(Path save) {
        try {
            return Files.readAllLines(save.resolve("results.csv"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
