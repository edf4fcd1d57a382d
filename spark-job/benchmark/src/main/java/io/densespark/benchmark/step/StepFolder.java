package io.densespark.benchmark.step;

import io.densespark.benchmark.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of one benchmark's measured processes: problems, tasks, logs and what libraries unpack. It is deleted with all
 * its files when it is closed, or when this JVM ends; the processes are the caller's to close before.
 */
public final class StepFolder implements AutoCloseable {
    private final Path path;
    private final Thread remover;
    private int files;

    public StepFolder() throws IOException {
        path = Files.createTempDirectory("densespark-benchmark");
        remover = new Thread(() -> delete(path), "remove " + path);
        Runtime.getRuntime().addShutdownHook(remover);
    }

    public Path path() {
        return path;
    }

    /** Writes a task as a file that a process reads. */
    public Path write(StepTask task) throws IOException {
        return Files.writeString(next("json"), Json.file(task));
    }

    /**
     * Writes the weights of a task's problems, and a random batch for each that has none.
     *
     * @throws io.densespark.spark.JobException if the process that does it fails
     */
    public void writeProblems(StepTask task) throws IOException {
        try (StepProcess writer = start("the writer of the weights", JavaCommand.writer(write(task)))) {
            writer.awaitReady();
        }
    }

    /** Starts a JVM that runs a task of DenseSpark or of the textbook version. The caller closes the result. */
    public StepProcess start(String name, StepTask task) throws IOException {
        return start(name, JavaCommand.stepper(write(task)));
    }

    /**
     * Starts a process, whose log lies in this folder. The caller closes the result.
     *
     * @param name what to call it in errors
     */
    public StepProcess start(String name, List<String> commandLine) throws IOException {
        return new StepProcess(name, commandLine, next("log"));
    }

    private Path next(String extension) {
        return path.resolve(files++ + "." + extension);
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
