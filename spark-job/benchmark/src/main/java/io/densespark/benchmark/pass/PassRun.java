package io.densespark.benchmark.pass;

import io.densespark.benchmark.Json;
import io.densespark.benchmark.SettingCheck;
import io.densespark.benchmark.step.JavaCommand;
import io.densespark.benchmark.step.PyTorch;
import io.densespark.benchmark.step.StepFolder;
import io.densespark.spark.JobException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.openjdk.jmh.Main;

/**
 * A run of JMH over the passes.
 *
 * @param pattern a regular expression; passes whose names contain no match are left out
 * @param shapes those to measure; none for all
 * @param threads workers, each with operands of its own
 * @param seconds of each iteration
 * @param python an interpreter that has torch, for the same passes in PyTorch, on whole batches
 * @param json the file for JMH's results, if any
 */
public record PassRun(
        String pattern,
        List<PassShape> shapes,
        int threads,
        int seconds,
        Optional<String> python,
        Optional<String> json) {
    private static final String HEAP = "1g";
    private static final String SCRIPT = "pytorch_passes.py";

    /** @throws JobException naming the setting that is wrong */
    public PassRun {
        shapes = shapes.isEmpty() ? List.of(PassShape.values()) : List.copyOf(shapes);
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new JobException(
                    "setting include " + pattern + ": is no regular expression (" + e.getDescription() + ")", e);
        }
        SettingCheck.atLeast(1, "threads", threads);
        SettingCheck.atLeast(1, "seconds", seconds);
    }

    /**
     * Runs it.
     *
     * @param out where JMH prints, pass by pass and as a table at the end, and PyTorch after it
     * @throws JobException if it fails
     */
    public void run(PrintStream out) throws IOException {
        Optional<PyTorch> pyTorch = python.map(PyTorch::of);
        await("the benchmark of passes", jmh(), out);
        if (pyTorch.isPresent()) {
            try (StepFolder folder = new StepFolder()) {
                await(
                        pyTorch.get().toString(),
                        pyTorch.get().command(PassRun.class, SCRIPT, folder.path(), ofScript()),
                        out);
            }
        }
    }

    private static void await(String name, List<String> command, PrintStream out) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (InputStream printed = process.getInputStream()) {
            printed.transferTo(out);
            int status = process.waitFor();
            if (status != 0) {
                throw new JobException(name + " ended with exit status " + status + ": what it printed says why");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobException("interrupted while passes were measured", e);
        } finally {
            process.destroy();
        }
    }

    List<String> jmh() {
        List<String> command = new ArrayList<>(JavaCommand.of(HEAP, Main.class));
        command.add(PassBenchmark.class.getSimpleName() + "\\..*(" + pattern + ")");
        command.addAll(List.of("-t", String.valueOf(threads), "-w", seconds + "s", "-r", seconds + "s"));
        // An exception ends the run: a figure of a pass that failed is none.
        command.addAll(List.of("-foe", "true"));
        command.addAll(List.of("-p", "shape=" + shapes.stream().map(Enum::name).collect(Collectors.joining(","))));
        json.ifPresent(file -> command.addAll(List.of("-rf", "json", "-rff", file)));
        return command;
    }

    private List<String> ofScript() {
        String layers = Json.line(shapes.stream().map(PassShape::wholeLayer).toList());
        return List.of(String.valueOf(threads), String.valueOf(seconds), layers, pattern);
    }
}
