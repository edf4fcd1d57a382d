package io.densespark.spark.ml;

import io.densespark.data.files.Sha256;
import io.densespark.spark.JobException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What the driver finds out about a DataFrame before training, by one pass over its labels.
 *
 * @param classes by index
 * @param indices of the labels, as text
 * @param trainRows rows that may be learnt from
 * @param validationRows rows that are marked as kept aside
 * @param checksum of the labels and how often each comes
 */
record Survey(
        List<String> classes, Map<String, Integer> indices, long trainRows, long validationRows, String checksum) {
    /**
     * Counts.
     *
     * @param rows with {@link ExampleColumns#LABEL} and {@link ExampleColumns#VALIDATION}
     * @throws JobException if a label is missing or none, or there is nothing to learn from
     */
    static Survey of(Dataset<Row> rows, LabelColumn labels) {
        Map<Boolean, Long> sizes = new HashMap<>();
        Map<String, Long> counts = new TreeMap<>();
        for (Row group : rows.groupBy(ExampleColumns.LABEL, ExampleColumns.VALIDATION)
                .count()
                .collectAsList()) {
            if (group.isNullAt(0)) {
                throw new JobException("column '" + labels.name() + "' is null in " + group.getLong(2)
                        + " rows: filter them out, or give them labels");
            }
            sizes.merge(group.getBoolean(1), group.getLong(2), Long::sum);
            counts.merge(group.getString(0), group.getLong(2), Long::sum);
        }
        List<String> found = new ArrayList<>(counts.keySet());
        long train = sizes.getOrDefault(false, 0L);
        if (train == 0) {
            throw new JobException(
                    counts.isEmpty()
                            ? "the DataFrame has no rows: give images to train on"
                            : "all rows are marked for validation: leave some to train on");
        }
        List<String> classes = labels.classes(found);
        return new Survey(
                classes,
                labels.indices(found, classes),
                train,
                sizes.getOrDefault(true, 0L),
                Sha256.of((counts + " " + sizes).getBytes(StandardCharsets.UTF_8)));
    }
}
