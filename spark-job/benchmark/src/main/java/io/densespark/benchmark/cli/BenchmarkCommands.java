package io.densespark.benchmark.cli;

import io.densespark.spark.cli.CommandGroup;

/** Adds {@code benchmark} to the commands of the job jar. */
public final class BenchmarkCommands implements CommandGroup {
    @Override
    public Object command() {
        return new BenchmarkCommand();
    }
}
