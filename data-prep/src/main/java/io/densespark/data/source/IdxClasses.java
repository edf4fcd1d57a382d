package io.densespark.data.source;

import io.densespark.data.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What the labels of an IDX data set stand for.
 *
 * @param first the label of class 0: 0, or 1 where the labels count from 1
 * @param names of the classes, in the order of their labels
 */
record IdxClasses(int first, List<String> names) {
    /** Up to here labels may be left out; above, one that stands alone tells of damage. */
    private static final int DIGITS = 10;

    private static final Pattern SPACE = Pattern.compile("\\s+");

    /** By the mapping, if there is one, or else by the train labels, which are the names then. */
    static IdxClasses of(Optional<SourceFile> mapping, IdxSplit train, IdxSplit test) {
        IdxClasses classes = mapping.map(IdxClasses::read).orElseGet(() -> count(train, test));
        train.requireLabels(classes);
        test.requireLabels(classes);
        return classes;
    }

    private static IdxClasses count(IdxSplit train, IdxSplit test) {
        int first = Math.min(1, Math.min(train.smallestLabel(), test.smallestLabel()));
        int last = train.largestLabel();
        if (last >= DIGITS) {
            train.requireEveryLabel(first);
        }
        return new IdxClasses(
                first,
                IntStream.rangeClosed(first, last).mapToObj(Integer::toString).toList());
    }

    /** Lines of a label and the code points of its characters, as {@code 10 65}, or {@code 1 65 97} for either case. */
    private static IdxClasses read(SourceFile file) {
        TreeMap<Integer, String> names = new TreeMap<>();
        for (String line : lines(file)) {
            try {
                List<Integer> numbers =
                        SPACE.splitAsStream(line).map(Integer::valueOf).toList();
                String name = numbers.stream().skip(1).map(Character::toString).collect(Collectors.joining());
                if (name.isBlank() || names.put(numbers.get(0), name) != null) {
                    throw new IllegalArgumentException(line);
                }
            } catch (IllegalArgumentException e) {
                throw new DataException(wrong(file, "has a line that is no label with its character"), e);
            }
        }
        Map.Entry<Integer, String> first = names.firstEntry();
        boolean isCounted = first != null
                && (first.getKey() == 0 || first.getKey() == 1)
                && names.lastKey() == first.getKey() + names.size() - 1;
        if (!isCounted || names.values().stream().distinct().count() != names.size()) {
            throw new DataException(wrong(file, "doesn't give each label, from 0 or 1 on, a name of its own"));
        }
        return new IdxClasses(first.getKey(), List.copyOf(names.values()));
    }

    private static List<String> lines(SourceFile file) {
        try (InputStream in = file.open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw DataException.cannotRead(file.name(), e);
        }
    }

    private static String wrong(SourceFile file, String problem) {
        return file.name() + " " + problem + ": download it again, or delete it to take the labels as names";
    }
}
