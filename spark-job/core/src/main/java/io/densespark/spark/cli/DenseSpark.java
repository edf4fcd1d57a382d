package io.densespark.spark.cli;

import io.densespark.spark.DenseSparkVersion;
import io.densespark.spark.JobException;
import io.densespark.spark.UserMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

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
            PredictCommand.class
        })
public final class DenseSpark {
    private DenseSpark() {}

    public static void main(String[] args) {
        if (isApplicationMaster()) {
            returnOrThrow(args);
        } else {
            // A timer of Spark's barriers would keep the driver alive.
            System.exit(execute(args));
        }
    }

    static int execute(String... args) {
        return execute(error -> {}, args);
    }

    /** @param onError gets what a command threw, after it has been reported */
    private static int execute(Consumer<Exception> onError, String... args) {
        CommandLine line = new CommandLine(new DenseSpark());
        line.addSubcommand("train", TrainCommand.commandLine());
        ServiceLoader.load(CommandGroup.class).forEach(group -> line.addSubcommand(group.command()));
        if (!line.getSubcommands().containsKey(BenchmarksMissing.NAME)) {
            line.addSubcommand(BenchmarksMissing.commandLine());
        }
        line.setParameterExceptionHandler((error, all) -> reportWrongUsage(error));
        line.setExecutionExceptionHandler((error, command, parsed) -> {
            report(error);
            onError.accept(error);
            return ExitCode.SOFTWARE;
        });
        return line.execute(args);
    }

    /** The options' whole help would push what is wrong out of sight. */
    private static int reportWrongUsage(ParameterException error) {
        // Where options exclude each other, picocli has the word already.
        String words = String.valueOf(error.getMessage()).replaceFirst("^Error: ", "");
        System.err.println("error: " + words.lines().map(String::strip).collect(Collectors.joining(" ")));
        UnmatchedArgumentException.printSuggestions(error, System.err);
        System.err.println("see " + error.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    private static boolean isApplicationMaster() {
        return "yarn".equals(System.getProperty("spark.master"))
                && "cluster".equals(System.getProperty("spark.submit.deployMode"));
    }

    /** YARN's application master calls main: an exit is a failure to it, whatever the status, an exception a reason. */
    private static void returnOrThrow(String... args) {
        List<Exception> thrown = new ArrayList<>();
        int status = execute(thrown::add, args);
        if (status != ExitCode.OK) {
            Exception error = thrown.isEmpty() ? new JobException("wrong usage: see the driver's log") : thrown.get(0);
            throw error instanceof RuntimeException unchecked ? unchecked : new JobException(error.toString(), error);
        }
    }

    /** One line for what a user can mend, a stack trace for what is our own mistake. */
    private static void report(Exception error) {
        if (UserMessage.isForUsers(error)) {
            System.err.println("error: " + UserMessage.of(error));
        } else {
            error.printStackTrace();
        }
    }
}
