package io.densespark.spark.settings;

import io.densespark.spark.JobException;
import java.util.List;
import java.util.Optional;

/** The command line comes before the recipe, the recipe before the defaults. */
record Precedence(SettingValues commandLine, SettingValues recipe) {
    /** @throws JobException if the setting is neither given nor has a default */
    <T> T get(Setting<T> setting) {
        return given(setting).orElseGet(setting::standardValue);
    }

    /** The value that somebody gave. */
    <T> Optional<T> given(Setting<T> setting) {
        return commandLine.get(setting).or(() -> recipe.get(setting));
    }

    /**
     * True if {@code setting} is given and none of those that it makes meaningless: on the command line it overrides the
     * recipe's, in a recipe the command line's override it.
     *
     * @throws JobException if one source gives both
     */
    boolean prevails(Setting<?> setting, List<Setting<?>> others) {
        if (!commandLine.has(setting) && !recipe.has(setting)) {
            return false;
        }
        boolean isOverride = commandLine.has(setting);
        SettingValues beside = isOverride ? commandLine : recipe;
        others.stream().filter(beside::has).findFirst().ifPresent(other -> {
            throw new JobException("settings " + setting + " and " + other + " contradict each other: leave one out");
        });
        return isOverride || others.stream().noneMatch(commandLine::has);
    }
}
