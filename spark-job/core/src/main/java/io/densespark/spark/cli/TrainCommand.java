package io.densespark.spark.cli;

import io.densespark.spark.settings.Recipe;
import io.densespark.spark.settings.Setting;
import io.densespark.spark.settings.SettingValues;
import io.densespark.spark.settings.TrainSettings;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code train}: one option for each {@link Setting}, and a recipe below them. */
@Command(
        description = "Trains a DenseNet on a prepared data set, or goes on with a run that was cut off.",
        mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
    @Option(
            names = "--recipe",
            paramLabel = "NAME|URI",
            description = "a YAML file with settings, or the name of one in the job jar or among --files; options "
                    + "override it")
    private Optional<String> recipe = Optional.empty();

    @Spec
    private CommandSpec spec;

    private TrainCommand() {}

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new TrainCommand());
        SettingOptions.add(Setting.all(), line.getCommandSpec());
        return line;
    }

    @Override
    public Integer call() throws IOException {
        Configuration conf = JobContext.hadoop();
        SettingValues base = recipe.isPresent() ? Recipe.read(recipe.get(), conf) : SettingValues.NONE;
        return Training.run("train", TrainSettings.of(SettingOptions.given(Setting.all(), spec), base));
    }
}
