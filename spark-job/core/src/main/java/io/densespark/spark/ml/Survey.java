package io.densespark.spark.ml;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.densespark.data.files.Sha256;
import io.densespark.spark.JobException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What the driver finds out about a DataFrame before training, by one pass over its labels.
 *
 * @param classes by index
 * @param indices of the labels, as text
 * @param trainRows rows that may be learnt from
 * @param validationRows rows that are marked as kept aside
 * @param meanWeight of the rows that may be learnt from
 * @param checksum of the labels and how often each comes
 */
record Survey(
        List<String> classes,
        Map<String, Integer> indices,
        long trainRows,
        long validationRows,
        double meanWeight,
        String checksum) {
    /**
     * Counts.
     *
     * @param rows with {@link ExampleColumns#LABEL}, {@link ExampleColumns#VALIDATION} and {@link ExampleColumns#WEIGHT}
     * @throws JobException if a label is missing or none, a weight is none, or there is nothing to learn from
     */
    static Survey of(Dataset<Row> rows, ExampleColumns columns) {
        LabelColumn labels = columns.label();
        Column weight = col(ExampleColumns.WEIGHT);
        Column isWeight = weight.geq(0).and(weight.leq(Float.MAX_VALUE));
        Map<Boolean, Long> sizes = new HashMap<>();
        Map<String, Long> counts = new TreeMap<>();
        Set<String> learnt = new HashSet<>();
        double weights = 0;
        for (Row group : rows.groupBy(ExampleColumns.LABEL, ExampleColumns.VALIDATION)
                .agg(count(lit(1)), sum(when(coalesce(isWeight, lit(false)), 0).otherwise(1)), sum(weight))
                .collectAsList()) {
            if (group.isNullAt(0)) {
                throw new JobException("column '" + labels.name() + "' is null in " + group.getLong(2)
                        + " rows: filter them out, or give them labels");
            }
            if (group.getLong(3) > 0) {
                throw new JobException("column '" + columns.weight().orElse("") + "' is no weight in "
                        + group.getLong(3) + " rows: give finite numbers of 0 or more, or filter them out");
            }
            if (!group.getBoolean(1)) {
                weights += group.getDouble(4);
            }
            sizes.merge(group.getBoolean(1), group.getLong(2), Long::sum);
            counts.merge(group.getString(0), group.getLong(2), Long::sum);
            if (!group.getBoolean(1)) {
                learnt.add(group.getString(0));
            }
        }
        List<String> found = new ArrayList<>(counts.keySet());
        long train = sizes.getOrDefault(false, 0L);
        if (train == 0) {
            throw new JobException(
                    counts.isEmpty()
                            ? "the DataFrame has no rows: give images to train on"
                            : "all rows are marked for validation: leave some to train on");
        }
        if (columns.validation().isEmpty() && learnt.size() < counts.size()) {
            counts.keySet().removeAll(learnt);
            throw new JobException(
                    "all rows of class " + counts.keySet() + " belong to groups that validSize keeps aside: "
                            + "set validSize lower, another groupCol, or validationIndicatorCol");
        }
        // Rounded, so that the order in which Spark has summed up doesn't show.
        double meanWeight = (float) (weights / train);
        if (meanWeight == 0) {
            throw new JobException("the weights of column '" + columns.weight().orElse("")
                    + "' are all 0: give some rows more, or leave out weightCol");
        }
        List<String> classes = labels.classes(found);
        return new Survey(
                classes,
                labels.indices(found, classes),
                train,
                sizes.getOrDefault(true, 0L),
                meanWeight,
                Sha256.of((counts + " " + sizes + " " + meanWeight).getBytes(StandardCharsets.UTF_8)));
    }
}
