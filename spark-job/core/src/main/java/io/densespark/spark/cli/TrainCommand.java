package io.densespark.spark.cli;

import io.densespark.spark.settings.Recipe;
import io.densespark.spark.settings.Setting;
import io.densespark.spark.settings.TrainSettings;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

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
    private String recipe;

    private CommandSpec spec;

    private TrainCommand() {}

    static CommandLine commandLine() {
        TrainCommand command = new TrainCommand();
        command.spec = CommandSpec.forAnnotatedObject(command);
        for (Setting setting : Setting.values()) {
            command.spec.addOption(OptionSpec.builder("--" + setting.key())
                    .paramLabel(setting.unit())
                    .type(String.class)
                    .description(setting.description()
                            + setting.standard()
                                    .map(value -> " (default " + value + ")")
                                    .orElse(""))
                    .build());
        }
        return new CommandLine(command.spec);
    }

    @Override
    public Integer call() throws IOException {
        Configuration conf = JobContext.hadoop();
        Map<String, String> base = recipe == null ? Map.of() : Recipe.read(recipe, conf);
        TrainSettings settings = Recipe.settings(overrides(), base);
        return Training.run("train", settings);
    }

    private Map<String, String> overrides() {
        ParseResult parsed = spec.commandLine().getParseResult();
        Map<String, String> given = new LinkedHashMap<>();
        for (Setting setting : Setting.values()) {
            String value = parsed.matchedOptionValue("--" + setting.key(), (String) null);
            if (value != null) {
                given.put(setting.key(), value);
            }
        }
        return given;
    }
}
