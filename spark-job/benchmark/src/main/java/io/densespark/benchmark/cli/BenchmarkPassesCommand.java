package io.densespark.benchmark.cli;

import io.densespark.benchmark.pass.PassRun;
import io.densespark.benchmark.pass.PassShape;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** {@code benchmark passes}: each pass of a layer by itself, by JMH. */
@Command(
        name = "passes",
        description = "Times each pass of a layer on CPU by itself (JMH), beside a copy of as many bytes.",
        mixinStandardHelpOptions = true)
final class BenchmarkPassesCommand implements Callable<Integer> {
    @Option(
            names = "--include",
            paramLabel = "REGEX",
            description = "passes whose names have a match, for instance 'relu|copy' (default all)")
    private String pattern = "";

    @Option(
            names = "--shapes",
            paramLabel = "SHAPE,…",
            split = ",",
            description = "layers: ${COMPLETION-CANDIDATES} (default all)")
    private List<PassShape> shapes = List.of();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "workers at the same time, with half of a batch each (default 2)")
    private int threads = 2;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "length of an iteration; three warm up, five count (default ${DEFAULT-VALUE})")
    private int seconds = 1;

    @Option(
            names = "--python",
            paramLabel = "PYTHON",
            description = "a Python interpreter that has torch, for the same passes in PyTorch")
    private Optional<String> python = Optional.empty();

    @Option(names = "--json", paramLabel = "FILE", description = "JMH's results")
    private Optional<String> json = Optional.empty();

    @Override
    public Integer call() throws IOException {
        new PassRun(pattern, shapes, threads, seconds, python, json).run(System.out);
        return ExitCode.OK;
    }
}
