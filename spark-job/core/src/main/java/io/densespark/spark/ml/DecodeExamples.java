package io.densespark.spark.ml;

import io.densespark.data.ImageShape;
import io.densespark.spark.platform.NativeCache;
import io.densespark.spark.platform.PlatformCheck;
import io.densespark.spark.predict.BadImageException;
import io.densespark.spark.predict.ImageColumn;
import io.densespark.spark.predict.ImageReader;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Decodes the images of a DataFrame to {@link io.densespark.spark.train.TrainingRows}. It travels to the executors by Java
 * serialization.
 *
 * @param shape of every image when it is decoded
 * @param scales whether images are brought to that size; otherwise they must have it
 * @param indices of the labels
 * @param meanWeight of the rows that are learnt from: weights are divided by it
 * @param fails whether a bad image ends the training; otherwise it is left out
 */
record DecodeExamples(
        ImageColumn column,
        ImageShape shape,
        boolean scales,
        Map<String, Integer> indices,
        double meanWeight,
        boolean fails,
        Broadcast<SerializableConfiguration> hadoop)
        implements MapPartitionsFunction<Row, Row> {
    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        PlatformCheck.requireSupported();
        NativeCache.prepare();
        ImageReader reader = new ImageReader(column, shape, hadoop.value().value());
        int partition = TaskContext.getPartitionId();
        return new Iterator<>() {
            private Optional<Row> next = Optional.empty();
            private long position;

            @Override
            public boolean hasNext() {
                while (next.isEmpty() && rows.hasNext()) {
                    next = decode(rows.next(), reader, partition, position++);
                }
                return next.isPresent();
            }

            @Override
            public Row next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                Row row = next.orElseThrow();
                next = Optional.empty();
                return row;
            }
        };
    }

    private byte[] pixels(Row row, ImageReader reader) throws BadImageException {
        return scales ? reader.read(row) : reader.readUnscaled(row);
    }

    private Optional<Row> decode(Row row, ImageReader reader, int partition, long position) {
        String text = row.getAs(ExampleColumns.LABEL);
        int label = Objects.requireNonNull(indices.get(text), text);
        boolean validation = row.getAs(ExampleColumns.VALIDATION);
        float weight = (float) (row.<Double>getAs(ExampleColumns.WEIGHT) / meanWeight);
        try {
            return Optional.of(RowFactory.create(pixels(row, reader), label, validation, weight, ""));
        } catch (BadImageException e) {
            if (!fails) {
                return Optional.empty();
            }
            // A rank that reads this ends the run at once; an error here would be tried again.
            String error = column.name(row, partition, position) + " is " + e.getMessage() + ": mend it, "
                    + (scales
                            ? "or leave it out by onBadImage"
                            : "leave it out by onBadImage, or give imageSize where images differ in size");
            return Optional.of(RowFactory.create(new byte[0], label, validation, weight, error));
        }
    }
}
