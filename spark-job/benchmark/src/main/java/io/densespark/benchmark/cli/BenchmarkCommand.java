package io.densespark.benchmark.cli;

import picocli.CommandLine.Command;

/** {@code benchmark}: what a replica costs on this machine, and what a cluster gives. */
@Command(
        name = "benchmark",
        description = "Measures time and memory of training steps, on this machine or on a cluster.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "BENCHMARK",
        subcommands = {
            BenchmarkReplicaCommand.class,
            BenchmarkPassesCommand.class,
            BenchmarkGpuCommand.class,
            BenchmarkBigDlCommand.class,
            BenchmarkMemoryCommand.class,
            BenchmarkClusterCommand.class
        })
final class BenchmarkCommand {}
