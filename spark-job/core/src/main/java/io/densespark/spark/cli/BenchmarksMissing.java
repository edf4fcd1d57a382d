package io.densespark.spark.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

/** Stands in for {@code benchmark} where its jar isn't on the class path, and says so. */
@Command(
        name = BenchmarksMissing.NAME,
        description = "Measures replicas, clusters and GPUs; a jar of its own, which the launcher adds.")
final class BenchmarksMissing implements Callable<Integer> {
    static final String NAME = "benchmark";

    /** It takes whatever the benchmarks would. */
    static CommandLine commandLine() {
        return new CommandLine(new BenchmarksMissing()).setUnmatchedArgumentsAllowed(true);
    }

    @Override
    public Integer call() {
        System.err.println("error: the benchmarks are in a jar of their own: add --jars densespark-benchmark.jar to"
                + " spark-submit's options");
        return ExitCode.USAGE;
    }
}
