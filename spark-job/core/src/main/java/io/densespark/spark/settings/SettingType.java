package io.densespark.spark.settings;

import io.densespark.model.ModelException;
import io.densespark.model.collective.PortRange;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A kind of values that users write.
 *
 * @param plain what a value is in programs: a whole number, {@code Long}, {@code Double}, {@code Boolean}, a {@code List} of
 *     whole numbers, or text
 * @param wanted what a value must be, in words that go on with "it must be"
 * @param parser throws {@link IllegalArgumentException} for text that is no such value
 * @param format a value as users write it
 * @param allows whether a value is in range
 */
record SettingType<T>(
        Class<?> plain,
        String wanted,
        Function<String, T> parser,
        Function<T, String> format,
        Predicate<? super T> allows) {
    private static final Set<String> YES = Set.of("true", "yes", "on", "1");
    private static final Set<String> NO = Set.of("false", "no", "off", "0");

    static final SettingType<String> TEXT = new SettingType<>(
            String.class, "some text", Function.identity(), Function.identity(), text -> !text.isBlank());

    static final SettingType<Long> LONG =
            new SettingType<>(Long.class, "a whole number", Long::valueOf, String::valueOf, number -> true);

    /** As people write it in YAML, in shells and in Python. */
    static final SettingType<Boolean> FLAG =
            new SettingType<>(Boolean.class, "true or false", SettingType::flag, String::valueOf, flag -> true);

    static final SettingType<List<Integer>> BLOCKS = new SettingType<>(
            List.class,
            "whole numbers of at least 1 with commas between, such as 6,12,24,16",
            text -> Arrays.stream(text.split(",", -1))
                    .map(String::trim)
                    .map(Integer::valueOf)
                    .toList(),
            blocks -> blocks.stream().map(String::valueOf).collect(Collectors.joining(",")),
            blocks -> !blocks.isEmpty() && blocks.stream().allMatch(layers -> layers >= 1));

    static final SettingType<PortRange> PORTS = new SettingType<>(
            String.class,
            "two ports of 1 to 65535 with a dash between, such as 40000-40999",
            SettingType::ports,
            PortRange::toString,
            ports -> true);

    static SettingType<Integer> wholeNumber(int least) {
        return new SettingType<>(
                Integer.class,
                "a whole number of at least " + least,
                Integer::valueOf,
                String::valueOf,
                number -> number >= least);
    }

    /** @param range in words, as {@code allows} has it */
    static SettingType<Double> number(String range, Predicate<Double> allows) {
        return new SettingType<>(
                Double.class,
                "a number " + range,
                Double::valueOf,
                String::valueOf,
                number -> Double.isFinite(number) && allows.test(number));
    }

    /** One of some values, by name. */
    static <T> SettingType<T> choice(List<T> values, Function<T, String> name) {
        Map<String, T> byName = new LinkedHashMap<>();
        values.forEach(value -> byName.put(name.apply(value), value));
        String wanted = byName.size() == 2 ? String.join(" or ", byName.keySet()) : "one of " + join(byName.keySet());
        return new SettingType<>(String.class, wanted, text -> named(byName, text), name, values::contains);
    }

    private static String join(Set<String> names) {
        return String.join(", ", names);
    }

    private static <T> T named(Map<String, T> byName, String text) {
        if (!byName.containsKey(text)) {
            throw new IllegalArgumentException(text);
        }
        return byName.get(text);
    }

    private static PortRange ports(String text) {
        try {
            return PortRange.parse(text);
        } catch (ModelException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static boolean flag(String text) {
        String word = text.toLowerCase(Locale.ROOT);
        if (!YES.contains(word) && !NO.contains(word)) {
            throw new IllegalArgumentException(text);
        }
        return YES.contains(word);
    }
}
