package io.densespark.benchmark.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** A table in plain text, two spaces between the columns. Not thread-safe. */
public final class TextTable {
    private static final String GAP = "  ";

    private record Column(String name, boolean isText) {}

    private final List<Column> columns = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();

    /** Adds columns of words, on the left. */
    public TextTable words(String... names) {
        Arrays.stream(names).forEach(name -> columns.add(new Column(name, true)));
        return this;
    }

    /** Adds columns of numbers, on the right. */
    public TextTable numbers(String... names) {
        Arrays.stream(names).forEach(name -> columns.add(new Column(name, false)));
        return this;
    }

    /**
     * Adds a row.
     *
     * @param cells one for each column, that of a number by {@code toString}
     */
    public TextTable row(Object... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + columns.size() + " columns");
        }
        rows.add(Arrays.stream(cells).map(String::valueOf).toList());
        return this;
    }

    /** The names of the columns and the rows, a line each. */
    @Override
    public String toString() {
        List<List<String>> lines = new ArrayList<>(rows);
        lines.add(0, columns.stream().map(Column::name).toList());
        StringBuilder text = new StringBuilder();
        for (List<String> cells : lines) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < cells.size(); i++) {
                String padding = " ".repeat(width(i, lines) - cells.get(i).length());
                line.append(i == 0 ? "" : GAP)
                        .append(columns.get(i).isText() ? cells.get(i) + padding : padding + cells.get(i));
            }
            text.append(line.toString().stripTrailing()).append(System.lineSeparator());
        }
        return text.toString();
    }

    private static int width(int column, List<List<String>> lines) {
        return Collections.max(
                lines.stream().map(cells -> cells.get(column).length()).toList());
    }
}
