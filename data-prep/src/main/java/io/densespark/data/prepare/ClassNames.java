package io.densespark.data.prepare;

import io.densespark.data.DataException;
import io.densespark.data.LabelKind;
import io.densespark.data.records.ImageRecord;
import java.io.Serializable;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The classes of a data set in their order, and what a record's names of classes are in numbers. */
final class ClassNames implements Serializable {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}");

    private final String[] names;
    private final HashMap<String, Integer> numbers = new HashMap<>();
    private final LabelKind labels;

    private ClassNames(List<String> names, LabelKind labels) {
        this.names = names.toArray(String[]::new);
        this.labels = labels;
        for (String name : names) {
            numbers.put(name, numbers.size());
        }
    }

    /** Classes in an order that the source gives. */
    static ClassNames inOrder(List<String> names, LabelKind labels) {
        return new ClassNames(names, labels);
    }

    /** Classes found among the labels: numbers by their size, other names by their letters. */
    static ClassNames sorted(List<String> found, LabelKind labels) {
        if (found.isEmpty()) {
            throw new DataException("no training image has a label: check the labels");
        }
        boolean areNumbers =
                found.stream().allMatch(name -> NUMBER.matcher(name).matches());
        Comparator<String> order = areNumbers
                ? Comparator.<String>comparingLong(Long::parseLong).thenComparing(Comparator.naturalOrder())
                : Comparator.naturalOrder();
        return new ClassNames(found.stream().sorted(order).toList(), labels);
    }

    List<String> names() {
        return List.of(names);
    }

    LabelKind labels() {
        return labels;
    }

    /** A class that a record names and that there isn't. */
    Optional<String> unknownOf(ImageRecord record) {
        return record.present().stream()
                .filter(name -> !numbers.containsKey(name))
                .findFirst();
    }

    /** The class of a record that has one. */
    int label(ImageRecord record) {
        return number(record.present().get(0));
    }

    /** For each class 1, 0 or -1 (unknown). */
    byte[] labels(ImageRecord record) {
        byte[] values = new byte[names.length];
        record.unknown().forEach(name -> values[number(name)] = -1);
        record.present().forEach(name -> values[number(name)] = 1);
        return values;
    }

    private int number(String name) {
        return Optional.ofNullable(numbers.get(name)).orElseThrow();
    }
}
