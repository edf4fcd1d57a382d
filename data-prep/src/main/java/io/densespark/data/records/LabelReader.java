package io.densespark.data.records;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;

/** From what a row tells of classes to their names. */
final class LabelReader implements Serializable {
    private static final String SEPARATOR = "\\|";

    private final boolean several;
    private final String[] columns;
    private final String[] names;

    /** @param labelNames the names that numbers stand for, if they do */
    LabelReader(TableColumns table, Optional<List<String>> labelNames) {
        several = table.several();
        columns = table.classes().toArray(String[]::new);
        names = labelNames.orElse(List.of()).toArray(String[]::new);
    }

    /** Names of classes that an image shows, and of those of which that is unknown. */
    record Labels(List<String> present, List<String> unknown) {}

    Labels read(Row row, int labels, int flags) throws UnusableRowException {
        return columns.length > 0 ? ofFlags(row.getList(flags)) : ofNames(row, labels);
    }

    private Labels ofNames(Row row, int column) throws UnusableRowException {
        List<String> given = row.isNullAt(column) ? List.of() : row.getList(column);
        Stream<String> parts = given.stream().flatMap(text -> text == null ? Stream.empty() : parts(text));
        List<String> found = parts.map(String::strip)
                .filter(text -> !text.isEmpty())
                .distinct()
                .toList();
        if (found.isEmpty() && !(several && !row.isNullAt(column))) {
            throw new UnusableRowException("its label is missing");
        }
        if (!several && found.size() > 1) {
            throw new UnusableRowException("it has the labels " + found + ", where one is expected");
        }
        List<String> present = new ArrayList<>();
        for (String label : found) {
            present.add(names.length == 0 ? label : nameOf(label));
        }
        return new Labels(present, List.of());
    }

    private Stream<String> parts(String text) {
        return several ? Stream.of(text.split(SEPARATOR, -1)) : Stream.of(text);
    }

    private String nameOf(String number) throws UnusableRowException {
        try {
            int label = Integer.parseInt(number);
            if (label >= 0 && label < names.length) {
                return names[label];
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new UnusableRowException("its label '" + number + "' is not in 0 to " + (names.length - 1));
    }

    private Labels ofFlags(List<String> flags) throws UnusableRowException {
        List<String> present = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (int c = 0; c < columns.length; c++) {
            switch (flag(columns[c], flags.get(c))) {
                case 1 -> present.add(columns[c]);
                case -1 -> unknown.add(columns[c]);
                default -> {}
            }
        }
        if (!several && present.size() != 1) {
            throw new UnusableRowException(
                    present.isEmpty()
                            ? "its label is missing"
                            : "it has the labels " + present + ", where one is expected");
        }
        return new Labels(present, several ? unknown : List.of());
    }

    private static int flag(String column, String text) throws UnusableRowException {
        String flag = text == null ? "" : text.strip().toLowerCase(Locale.ROOT);
        return switch (flag) {
            case "1", "1.0", "true" -> 1;
            case "0", "0.0", "false" -> 0;
            case "-1", "-1.0", "" -> -1;
            default ->
                throw new UnusableRowException(
                        "its column '" + column + "' is '" + text.strip() + "', which is none of 1, 0, -1 and nothing");
        };
    }
}
