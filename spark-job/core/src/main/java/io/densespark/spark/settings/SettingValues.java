package io.densespark.spark.settings;

import io.densespark.spark.JobException;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What one source, such as a recipe, says of some settings. Immutable; values are of their setting's type and in range. */
public final class SettingValues implements Serializable {
    public static final SettingValues NONE = new SettingValues(Map.of());

    private final Map<String, Object> byKey;

    private SettingValues(Map<String, Object> byKey) {
        this.byKey = byKey;
    }

    /**
     * Reads values as users write them, by key.
     *
     * @throws JobException naming a setting that is unknown, or has a value that it can't have
     */
    public static SettingValues parse(Map<String, String> textByKey) {
        SettingValues values = NONE;
        for (Map.Entry<String, String> entry : textByKey.entrySet()) {
            values = values.parsed(known(entry.getKey()), entry.getValue());
        }
        return values;
    }

    /** @throws JobException if there is no such setting */
    static Setting<?> known(String key) {
        return Setting.ofKey(key)
                .orElseThrow(() -> new JobException("unknown setting " + key + "; known are "
                        + Setting.all().stream().map(Setting::key).collect(Collectors.toCollection(TreeSet::new))));
    }

    private <T> SettingValues parsed(Setting<T> setting, String text) {
        return with(setting, setting.parse(text));
    }

    /**
     * These values and one more, in the place of one that is there.
     *
     * @throws JobException if the value is out of range
     */
    public <T> SettingValues with(Setting<T> setting, T value) {
        Map<String, Object> more = new LinkedHashMap<>(byKey);
        more.put(setting.key(), setting.require(value));
        return new SettingValues(more);
    }

    /** The value; empty if this source doesn't speak of it. */
    @SuppressWarnings("unchecked") // Only values of the setting's type are put in.
    public <T> Optional<T> get(Setting<T> setting) {
        return Optional.ofNullable((T) byKey.get(setting.key()));
    }

    boolean has(Setting<?> setting) {
        return byKey.containsKey(setting.key());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SettingValues values && byKey.equals(values.byKey);
    }

    @Override
    public int hashCode() {
        return byKey.hashCode();
    }

    @Override
    public String toString() {
        return byKey.toString();
    }
}
