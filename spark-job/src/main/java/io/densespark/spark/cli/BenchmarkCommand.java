package io.densespark.spark.cli;

import picocli.CommandLine.Command;

/** {@code benchmark}: what a replica costs on this machine. It needs no cluster. */
@Command(
        name = "benchmark",
        description = "Measures time and memory of a training step on this machine.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "BENCHMARK",
        subcommands = {BenchmarkReplicaCommand.class, BenchmarkBigDlCommand.class, BenchmarkMemoryCommand.class})
final class BenchmarkCommand {}
