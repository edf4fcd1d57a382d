package io.densespark.spark.predict;

import io.densespark.model.replica.Inference;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Appends predictions to rows. */
record OutputRow(OutputColumns columns, Classification classification) implements Serializable {
    /** A row with its prediction. */
    Row of(Row row, Inference inference, int images, int image) {
        Object[] values = extended(row);
        int next = row.size();
        double[] logits = slice(inference.logits(), images, image);
        double[] probabilities = Classification.probabilities(logits);
        if (!columns.features().isEmpty()) {
            values[next++] = Vectors.dense(slice(inference.features(), images, image));
        }
        if (!columns.rawPrediction().isEmpty()) {
            values[next++] = Vectors.dense(logits);
        }
        if (!columns.probability().isEmpty()) {
            values[next++] = Vectors.dense(probabilities);
        }
        if (!columns.prediction().isEmpty()) {
            values[next] = (double) classification.predict(probabilities);
        }
        return RowFactory.create(values);
    }

    /** A row with nulls in place of a prediction. */
    Row withoutPrediction(Row row) {
        return RowFactory.create(extended(row));
    }

    private Object[] extended(Row row) {
        Object[] values = new Object[row.size() + columns.count()];
        Arrays.setAll(values, i -> i < row.size() ? row.get(i) : null);
        return values;
    }

    /** Row {@code image} of {@code [images, n]}. */
    private static double[] slice(float[] rows, int images, int image) {
        int columns = rows.length / images;
        double[] row = new double[columns];
        for (int i = 0; i < columns; i++) {
            row[i] = rows[image * columns + i];
        }
        return row;
    }
}
