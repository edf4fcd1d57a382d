package io.densespark.spark.ml;

import io.densespark.spark.JobException;
import io.densespark.spark.UserMessage;
import io.densespark.spark.settings.Setting;
import io.densespark.spark.settings.SettingValues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/**
 * The settings of a training run as Spark's params, made from the table that recipes and the command line use too: {@code
 * batch-size} is {@code batchSize}. {@code replicas} has the name that Spark's users know, {@code numWorkers}, and
 * {@code min-replicas} one to match.
 */
final class SettingParams {
    /** What a DataFrame and a checkpoint location stand for here, and the older way to say {@code recompute}. */
    private static final Set<Setting<?>> WITHOUT = Set.of(Setting.DATA, Setting.SAVE, Setting.EFFICIENT);

    private static final Map<Setting<?>, String> RENAMED = Map.of(
            Setting.REPLICAS, "numWorkers", Setting.MIN_REPLICAS, "minWorkers", Setting.SAVE, "checkpointLocation");

    private final Params owner;
    private final Map<Param<?>, Setting<?>> settings = new LinkedHashMap<>();

    SettingParams(Params owner) {
        this.owner = owner;
        Setting.all().stream()
                .filter(setting -> !WITHOUT.contains(setting))
                .forEach(setting -> settings.put(param(setting), setting));
    }

    /** A param for each setting. */
    List<Param<?>> params() {
        return List.copyOf(settings.keySet());
    }

    /** Gives the params the defaults of their settings. */
    void setDefaults() {
        settings.forEach((param, setting) ->
                setting.standard().ifPresent(text -> setDefault(param, value(setting, setting.parse(text)))));
    }

    /**
     * The values that users have set.
     *
     * @throws io.densespark.spark.JobException naming a setting whose value is out of range
     */
    SettingValues given() {
        Map<String, String> given = new LinkedHashMap<>();
        settings.forEach((param, setting) -> {
            if (owner.isSet(param)) {
                given.put(setting.key(), text(owner.getOrDefault(param)));
            }
        });
        return SettingValues.parse(given);
    }

    /** An error that a user can mend, with params where its message has settings and options; any other as it is. */
    static RuntimeException inParams(RuntimeException error) {
        if (!UserMessage.isForUsers(error)) {
            return error;
        }
        String words = UserMessage.of(error);
        for (Setting<?> setting : Setting.all()) {
            // A key of one word is the param's name too, and one of prose's.
            String dashes = setting.key().contains("-") ? "(--)?" : "--";
            words = words.replaceAll("(?<![\\w-])" + dashes + setting.key() + "(?![\\w-])", name(setting));
        }
        return new JobException(words, error);
    }

    @SuppressWarnings("unchecked") // Its values come from its own setting.
    private void setDefault(Param<?> param, Object value) {
        owner.setDefault((Param<Object>) param, value);
    }

    private Param<?> param(Setting<?> setting) {
        return kind(setting.plainType()).apply(name(setting), setting.description());
    }

    private BiFunction<String, String, Param<?>> kind(Class<?> type) {
        if (type == Integer.class) {
            return (name, text) -> new IntParam(owner, name, text);
        }
        if (type == Long.class) {
            return (name, text) -> new LongParam(owner, name, text);
        }
        if (type == Double.class) {
            return (name, text) -> new DoubleParam(owner, name, text);
        }
        if (type == Boolean.class) {
            return (name, text) -> new BooleanParam(owner, name, text);
        }
        return type == List.class
                ? (name, text) -> new IntArrayParam(owner, name, text)
                : (name, text) -> new Param<String>(owner, name, text);
    }

    /** Params hold primitives, strings and arrays only, which every release of Spark reads alike. */
    private static <T> Object value(Setting<T> setting, Object value) {
        Class<?> type = setting.plainType();
        if (type == List.class) {
            return ((List<?>) value).stream().mapToInt(each -> (Integer) each).toArray();
        }
        return type == String.class ? setting.standard().orElseThrow() : value;
    }

    private static String text(Object value) {
        return value instanceof int[] numbers
                ? IntStream.of(numbers).mapToObj(Integer::toString).collect(Collectors.joining(","))
                : value.toString();
    }

    private static String name(Setting<?> setting) {
        if (RENAMED.containsKey(setting)) {
            return RENAMED.get(setting);
        }
        List<String> words = new ArrayList<>(List.of(setting.key().split("-", -1)));
        return words.remove(0)
                + words.stream()
                        .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                        .collect(Collectors.joining());
    }
}
