package io.densespark.spark.predict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The rows of a command's output, of rows {@code (key, label if known, probability vector or null)}: class names in place of
 * numbers, and the most probable classes with their probabilities, in an array of structs or in columns of their own.
 *
 * @param classes of the model
 * @param labels names of labels; none if there is no label
 * @param topK at most the number of classes
 * @param inColumns whether the most probable classes are in columns of their own
 */
record RankedClasses(List<String> classes, List<String> labels, int topK, boolean inColumns)
        implements MapPartitionsFunction<Row, Row> {
    private static final StructType RANKED =
            new StructType().add("class", DataTypes.StringType).add("probability", DataTypes.DoubleType);

    RankedClasses {
        classes = List.copyOf(classes);
        labels = List.copyOf(labels);
        topK = Math.min(topK, classes.size());
    }

    StructType schema(String key, DataType keyType) {
        StructType schema = new StructType().add(key, keyType);
        if (!labels.isEmpty()) {
            schema = schema.add("label", DataTypes.StringType);
        }
        schema = schema.add("prediction", DataTypes.StringType).add("probability", DataTypes.DoubleType);
        if (!inColumns) {
            return schema.add("top_k", DataTypes.createArrayType(RANKED));
        }
        for (int k = 1; k <= topK; k++) {
            schema = schema.add("class_" + k, DataTypes.StringType).add("probability_" + k, DataTypes.DoubleType);
        }
        return schema;
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public Row next() {
                return ranked(rows.next());
            }
        };
    }

    private Row ranked(Row row) {
        List<Object> values = new ArrayList<>();
        values.add(row.get(0));
        if (!labels.isEmpty()) {
            values.add(labels.get(row.getInt(1)));
        }
        int last = row.size() - 1;
        int columns = inColumns ? 2 + 2 * topK : 3;
        if (row.isNullAt(last)) {
            IntStream.range(0, columns).forEach(i -> values.add(null));
            return RowFactory.create(values.toArray());
        }
        double[] probabilities = ((Vector) row.get(last)).toArray();
        int[] order = order(probabilities);
        values.add(classes.get(order[0]));
        values.add(probabilities[order[0]]);
        if (inColumns) {
            for (int label : order) {
                values.add(classes.get(label));
                values.add(probabilities[label]);
            }
        } else {
            values.add(Arrays.stream(order)
                    .mapToObj(label -> RowFactory.create(classes.get(label), probabilities[label]))
                    .toArray(Row[]::new));
        }
        return RowFactory.create(values.toArray());
    }

    /** The most probable classes, the first first; of equal ones, that of the smaller number. */
    private int[] order(double[] probabilities) {
        return IntStream.range(0, probabilities.length)
                .boxed()
                .sorted((a, b) -> Double.compare(probabilities[b], probabilities[a]))
                .limit(topK)
                .mapToInt(label -> label)
                .toArray();
    }
}
