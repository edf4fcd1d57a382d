package io.densespark.spark.ml;

import io.densespark.data.ImageShape;
import io.densespark.spark.JobException;
import io.densespark.spark.platform.NativeCache;
import io.densespark.spark.platform.PlatformCheck;
import io.densespark.spark.predict.BadImageException;
import io.densespark.spark.predict.ImageColumn;
import io.densespark.spark.predict.ImageReader;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Finds the shape of the first usable image of a partition. It travels to the executors by Java serialization.
 *
 * @param channels what encoded images are decoded to
 */
record FirstImage(ImageColumn column, int channels, Broadcast<SerializableConfiguration> hadoop)
        implements MapPartitionsFunction<Row, Row> {
    static final StructType SCHEMA = new StructType()
            .add("height", DataTypes.IntegerType, false)
            .add("width", DataTypes.IntegerType, false)
            .add("channels", DataTypes.IntegerType, false);

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        PlatformCheck.requireSupported();
        NativeCache.prepare();
        ImageReader reader = new ImageReader(
                column, new ImageShape(1, 1, channels), hadoop.value().value());
        Optional<ImageShape> found = Optional.empty();
        while (found.isEmpty() && rows.hasNext()) {
            found = shapeOf(rows.next(), reader);
        }
        return found.map(shape -> RowFactory.create(shape.height(), shape.width(), shape.channels())).stream()
                .iterator();
    }

    /** Why the first row of a partition that can't be decoded can't; to be asked when none can. */
    MapPartitionsFunction<Row, String> problems() {
        return rows -> {
            ImageReader reader = new ImageReader(
                    column, new ImageShape(1, 1, channels), hadoop.value().value());
            while (rows.hasNext()) {
                try {
                    reader.shapeOf(rows.next());
                } catch (BadImageException e) {
                    return Stream.of(String.valueOf(e.getMessage())).iterator();
                }
            }
            return Collections.emptyIterator();
        };
    }

    private static Optional<ImageShape> shapeOf(Row row, ImageReader reader) {
        try {
            return Optional.of(reader.shapeOf(row));
        } catch (BadImageException e) {
            // What becomes of it is decided where all images are decoded.
            return Optional.empty();
        }
    }

    static ImageShape shape(Row row) {
        return new ImageShape(row.getInt(0), row.getInt(1), row.getInt(2));
    }

    /** @param problems what {@link #problems} found of some partition; none if there are no rows */
    static JobException none(String column, List<String> problems) {
        String first = problems.isEmpty() ? "it has no rows" : "the first is " + problems.get(0);
        return new JobException(
                "column '" + column + "' has no image that can be decoded, " + first + ": look at its content");
    }
}
