package io.densespark.spark.cli;

import io.densespark.model.network.DenseNetSpec;
import io.densespark.spark.settings.NetworkSettings;
import io.densespark.spark.settings.Setting;
import io.densespark.spark.settings.SettingValues;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The options that name a network, as a mixin for commands that train none: those of {@code train}, with the same
 * defaults.
 */
@Command
public final class NetworkOptions {
    private Optional<CommandSpec> command = Optional.empty();

    /** Called by picocli with the command that these options are mixed into. */
    @Spec(Spec.Target.MIXEE)
    void mixInto(CommandSpec mixee) {
        SettingOptions.add(Setting.ofNetwork(), mixee);
        command = Optional.of(mixee);
    }

    /** The network that the command was given, for colour images, with a preset's classes or ten. */
    public DenseNetSpec spec() {
        return settings().spec();
    }

    /** The network in a few words. */
    public String name() {
        return settings().describe();
    }

    private NetworkSettings settings() {
        SettingValues given = command.map(spec -> SettingOptions.given(Setting.ofNetwork(), spec))
                .orElse(SettingValues.NONE);
        return NetworkSettings.of(given, SettingValues.NONE);
    }
}
