package io.densespark.spark.predict;

import io.densespark.data.ImageShape;
import java.util.OptionalInt;
import org.apache.spark.sql.Row;

/** Pixels {@code [H, W, C]} of one shape, as bytes. */
record PlainCell(ImageShape shape) implements Cell {
    @Override
    public Pixels read(Row row, int index, ImageFiles files) throws BadImageException {
        byte[] bytes = (byte[]) row.get(index);
        requireLength(bytes.length, shape);
        return new Pixels(shape, bytes);
    }

    /** @throws BadImageException if an image of the shape has another number of values */
    static void requireLength(int values, ImageShape shape) throws BadImageException {
        if (values != shape.bytes()) {
            throw new BadImageException("of " + values + " values, an image of " + shape
                    + " (height x width x channels) has " + shape.bytes());
        }
    }

    @Override
    public OptionalInt channels() {
        return OptionalInt.of(shape.channels());
    }
}
