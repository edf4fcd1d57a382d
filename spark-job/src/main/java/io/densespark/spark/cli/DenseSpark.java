package io.densespark.spark.cli;

import io.densespark.data.DataException;
import io.densespark.model.ModelException;
import io.densespark.spark.DenseSparkVersion;
import io.densespark.spark.JobException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

/** The main class of the job jar. Exit status: 0 done, 1 the job failed, 2 wrong usage. */
@Command(
        name = "densespark",
        description = "Trains memory-efficient DenseNets on Apache Spark.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        version = "DenseSpark " + DenseSparkVersion.CURRENT,
        subcommands = {
            DemoCommand.class,
            PrepareCommand.class,
            EvaluateCommand.class,
            ExportCommand.class,
            ImportCommand.class,
            InspectCommand.class,
            BenchmarkCommand.class
        })
public final class DenseSpark {
    private DenseSpark() {}

    public static void main(String[] args) {
        System.exit(execute(args));
    }

    static int execute(String... args) {
        CommandLine line = new CommandLine(new DenseSpark());
        line.addSubcommand("train", TrainCommand.commandLine());
        line.setExecutionExceptionHandler((error, command, parsed) -> {
            report(error);
            return ExitCode.SOFTWARE;
        });
        return line.execute(args);
    }

    /** One line for what a user can mend, a stack trace for what is our own mistake. */
    private static void report(Exception error) {
        if (error instanceof JobException || error instanceof ModelException || error instanceof DataException) {
            System.err.println("error: " + error.getMessage());
        } else {
            error.printStackTrace();
        }
    }
}
