package io.densespark.benchmark.step;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder that is deleted with all its files when it is closed, or when this JVM ends. */
final class TemporaryFolder implements AutoCloseable {
    private final Path path;
    private final Thread remover;

    TemporaryFolder(String prefix) throws IOException {
        path = Files.createTempDirectory(prefix);
        remover = new Thread(() -> delete(path), "remove " + path);
        Runtime.getRuntime().addShutdownHook(remover);
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        delete(path);
        try {
            Runtime.getRuntime().removeShutdownHook(remover);
        } catch (IllegalStateException e) {
            // The JVM is ending: the hook runs as well, and finds nothing.
        }
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + folder, e);
        }
    }
}
