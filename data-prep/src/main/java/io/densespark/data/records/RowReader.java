package io.densespark.data.records;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.Row;

/**
 * From the columns that {@link TableSource} selects to a record: path, image, labels, flags of classes, split, group, weight, key,
 * file and number of the row. What is wrong with a row is its record's problem.
 */
final class RowReader implements Function<Row, Row> {
    private static final int PATH = 0;
    private static final int IMAGE = 1;
    private static final int LABELS = 2;
    private static final int FLAGS = 3;
    private static final int SPLIT = 4;
    private static final int GROUP = 5;
    private static final int WEIGHT = 6;
    private static final int KEY = 7;
    private static final int FILE = 8;
    private static final int NUMBER = 9;

    private final boolean hasSplit;
    private final boolean hasGroup;
    private final boolean hasWeight;
    private final boolean holdsImages;
    private final String imagesRoot;
    private final String root;
    private final LabelReader labels;

    /** @param root what keys are to be seen from, empty if they are no paths */
    RowReader(TableColumns columns, String root, Optional<List<String>> labelNames, boolean holdsImages) {
        hasSplit = columns.split().isPresent();
        hasGroup = columns.group().isPresent();
        hasWeight = columns.weight().isPresent();
        this.holdsImages = holdsImages;
        imagesRoot = columns.imagesRoot().orElse("");
        this.root = imagesRoot.isEmpty() ? root : imagesRoot;
        labels = new LabelReader(columns, labelNames);
    }

    @Override
    public Row call(Row row) {
        String file = row.getString(FILE);
        String place = row.isNullAt(NUMBER) ? file : name(file) + "#" + row.getLong(NUMBER);
        try {
            return read(row, file, place).toRow();
        } catch (UnusableRowException e) {
            return ImageRecord.unusable(
                            text(row, KEY).or(() -> text(row, PATH)).orElse("a row of " + place),
                            String.valueOf(e.getMessage()))
                    .toRow();
        }
    }

    private ImageRecord read(Row row, String file, String place) throws UnusableRowException {
        Optional<String> path = holdsImages ? Optional.empty() : Optional.of(path(row, file));
        String key = text(row, KEY).or(() -> path.map(this::fromRoot)).orElse(place);
        Optional<String> split = hasSplit ? Optional.of(split(row)) : SplitOfFile.of(name(file));
        LabelReader.Labels read = labels.read(row, LABELS, FLAGS);
        return new ImageRecord(
                key,
                path,
                row.isNullAt(IMAGE) ? null : row.<byte[]>getAs(IMAGE),
                read.present(),
                read.unknown(),
                split,
                hasGroup ? text(row, GROUP) : Optional.empty(),
                hasWeight ? Optional.of(weight(row)) : Optional.empty(),
                Optional.empty());
    }

    private String path(Row row, String file) throws UnusableRowException {
        String text = text(row, PATH).orElseThrow(() -> new UnusableRowException("its path is missing"));
        try {
            Path path = new Path(text);
            if (path.isAbsolute() || path.toUri().getScheme() != null) {
                return text;
            }
            if (!imagesRoot.isEmpty()) {
                return new Path(imagesRoot, path).toString();
            }
            return new Path(new Path(URI.create(file)).getParent(), path).toString();
        } catch (IllegalArgumentException e) {
            throw new UnusableRowException("its path '" + text + "' is none (" + e.getMessage() + ")");
        }
    }

    private String fromRoot(String path) {
        return root.isEmpty() ? path : RelativePaths.below(new Path(root), new Path(path));
    }

    private static String split(Row row) throws UnusableRowException {
        String text = text(row, SPLIT).orElseThrow(() -> new UnusableRowException("its split is missing"));
        return SplitNames.of(text)
                .orElseThrow(() ->
                        new UnusableRowException("its split '" + text + "' is none of train, validation and test"));
    }

    private static double weight(Row row) throws UnusableRowException {
        String text = text(row, WEIGHT).orElseThrow(() -> new UnusableRowException("its weight is missing"));
        try {
            double weight = Double.parseDouble(text);
            if (weight >= 0 && Float.isFinite((float) weight)) {
                return weight;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new UnusableRowException("its weight '" + text + "' is no number of 0 or more");
    }

    /** A column's text without blanks around it; empty if there is none. */
    private static Optional<String> text(Row row, int column) {
        return Optional.ofNullable(row.getString(column)).map(String::strip).filter(text -> !text.isEmpty());
    }

    /** A file's name without its folders. */
    private static String name(String file) {
        return file.substring(file.lastIndexOf('/') + 1);
    }
}
