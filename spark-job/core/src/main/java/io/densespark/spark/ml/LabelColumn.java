package io.densespark.spark.ml;

import io.densespark.spark.JobException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The column of the labels. Numbers are the classes' indices, from 0, and have the names that a StringIndexer before left in
 * the column's metadata, if it did; strings are the classes' names, and are numbered in their order.
 */
record LabelColumn(String name, boolean isText, List<String> known) {
    private static final int MOST_CLASSES = 100_000;

    /**
     * Finds out what a column's labels are.
     *
     * @throws JobException if there is no such column, or its type can't be that of labels
     */
    static LabelColumn of(StructType schema, String name) {
        ExampleColumns.requireColumn(schema, name, " with labels", "labelCol");
        StructField field = schema.apply(name);
        DataType type = field.dataType();
        if (type instanceof ArrayType) {
            throw new JobException("column '" + name + "' has several labels an image (" + type.simpleString()
                    + "), which can't be trained on yet: give a column with one class an image");
        }
        if (!(type instanceof NumericType) && !(type instanceof StringType)) {
            throw new JobException("column '" + name + "' is of type " + type.simpleString()
                    + ", which can't be read as labels: give whole numbers from 0, or strings");
        }
        return new LabelColumn(name, type instanceof StringType, names(field.metadata()));
    }

    /** What Spark's indexers leave: {@code ml_attr.vals}. */
    private static List<String> names(Metadata metadata) {
        if (!metadata.contains("ml_attr")) {
            return List.of();
        }
        Metadata attribute = metadata.getMetadata("ml_attr");
        return attribute.contains("vals") ? List.of(attribute.getStringArray("vals")) : List.of();
    }

    /**
     * The classes by index.
     *
     * @param found all labels that are there, as text; numbers as Spark prints doubles
     * @throws JobException if a number isn't an index, or there are fewer than two classes
     */
    List<String> classes(List<String> found) {
        List<String> classes = isText ? List.copyOf(new TreeSet<>(found)) : numbered(found);
        if (classes.size() < 2) {
            throw new JobException("column '" + name + "' has "
                    + (classes.isEmpty() ? "no label" : "one class only, " + classes.get(0))
                    + ": a classifier needs two or more");
        }
        return classes;
    }

    private List<String> numbered(List<String> found) {
        int count = known.size();
        for (String text : found) {
            double label = Double.parseDouble(text);
            if (label < 0 || label != Math.rint(label) || label >= MOST_CLASSES) {
                throw new JobException("column '" + name + "' has the label " + text
                        + ", which is no index of a class: give whole numbers from 0 to below " + MOST_CLASSES
                        + ", or strings");
            }
            count = Math.max(count, (int) label + 1);
        }
        List<String> names = new ArrayList<>(known);
        IntStream.range(known.size(), count).mapToObj(Integer::toString).forEach(names::add);
        return List.copyOf(names);
    }

    /** Indices of labels, as text. */
    Map<String, Integer> indices(List<String> found, List<String> classes) {
        Map<String, Integer> indices = new LinkedHashMap<>();
        for (String text : found) {
            indices.put(text, isText ? classes.indexOf(text) : (int) Double.parseDouble(text));
        }
        return indices;
    }
}
