package io.densespark.spark.cli;

import io.densespark.spark.settings.Setting;
import io.densespark.spark.settings.SettingValues;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The options of a command that are settings: one for each, made from the table of settings. */
final class SettingOptions {
    private SettingOptions() {}

    /** Gives the command an option for each of the settings. */
    static void add(List<Setting<?>> settings, CommandSpec command) {
        for (Setting<?> setting : settings) {
            command.addOption(OptionSpec.builder("--" + setting.key())
                    .paramLabel(setting.unit())
                    .type(String.class)
                    .description(setting.description()
                            + setting.standard()
                                    .map(value -> " (default " + value + ")")
                                    .orElse(""))
                    .build());
        }
    }

    /**
     * What a command was given of these settings; it may have other options of the same names as other settings.
     *
     * @throws io.densespark.spark.JobException naming a setting with a value that it can't have
     */
    static SettingValues given(List<Setting<?>> settings, CommandSpec command) {
        ParseResult parsed = command.commandLine().getParseResult();
        Map<String, String> given = new LinkedHashMap<>();
        for (Setting<?> setting : settings) {
            Optional.ofNullable(parsed.<String>matchedOptionValue("--" + setting.key(), null))
                    .ifPresent(value -> given.put(setting.key(), value));
        }
        return SettingValues.parse(given);
    }
}
