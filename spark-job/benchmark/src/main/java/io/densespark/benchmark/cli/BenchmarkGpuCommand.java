package io.densespark.benchmark.cli;

import io.densespark.benchmark.replica.GpuCheck;
import io.densespark.benchmark.replica.GpuCheckSettings;
import io.densespark.spark.cli.JobContext;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** {@code benchmark gpu}: this machine's GPU against its CPU, and what steps take there. */
@Command(
        name = "gpu",
        description = "Checks the first GPU against the CPU, and measures training steps at each precision and level.",
        mixinStandardHelpOptions = true)
final class BenchmarkGpuCommand implements Callable<Integer> {
    private static final int DEFAULT_STEPS = 20;

    @Option(names = "--quick", description = "small networks only, in a minute: no figures that say anything")
    private boolean quick;

    @Option(names = "--steps", paramLabel = "N", description = "timed steps (default " + DEFAULT_STEPS + ")")
    private int steps = DEFAULT_STEPS;

    @Option(
            names = "--python",
            paramLabel = "PYTHON",
            description = "a Python interpreter that has torch for CUDA, for the rows of PyTorch")
    private Optional<String> python = Optional.empty();

    @Option(names = "--json", paramLabel = "FILE|URI", description = "all figures (default ${DEFAULT-VALUE})")
    private String json = "gpu-check.json";

    @Option(names = "--report", paramLabel = "FILE|URI", description = "a page for people (default ${DEFAULT-VALUE})")
    private String report = "gpu-check.html";

    @Override
    public Integer call() throws IOException {
        GpuCheck.run(
                new GpuCheckSettings(quick, steps, python, json, report), JobContext.hadoop(), System.out, System.err);
        return ExitCode.OK;
    }
}
