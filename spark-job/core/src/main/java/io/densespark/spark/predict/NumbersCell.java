package io.densespark.spark.predict;

import io.densespark.data.ImageShape;
import java.util.List;
import java.util.OptionalInt;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;

/**
 * Pixels {@code [H, W, C]} of one shape, as an array of numbers or an ML vector; 0 is black and 255 is white. Fractions are
 * rounded to the nearest. Spark's byte has a sign: its negative values are those from 128 on.
 */
record NumbersCell(ImageShape shape) implements Cell {
    @Override
    public Pixels read(Row row, int index, ImageFiles files) throws BadImageException {
        return new Pixels(
                shape, row.get(index) instanceof Vector vector ? ofVector(vector) : ofArray(row.getList(index)));
    }

    private byte[] ofVector(Vector vector) throws BadImageException {
        PlainCell.requireLength(vector.size(), shape);
        return ofNumbers(vector.toArray());
    }

    private byte[] ofArray(List<?> values) throws BadImageException {
        PlainCell.requireLength(values.size(), shape);
        double[] numbers = new double[values.size()];
        for (int i = 0; i < numbers.length; i++) {
            Object value = values.get(i);
            if (value == null) {
                throw new BadImageException("incomplete: its value " + i + " is null");
            }
            numbers[i] = value instanceof Byte unsigned ? unsigned & 0xff : ((Number) value).doubleValue();
        }
        return ofNumbers(numbers);
    }

    private static byte[] ofNumbers(double[] values) throws BadImageException {
        byte[] pixels = new byte[values.length];
        double largest = 0;
        boolean areWhole = true;
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = pixel(values[i]);
            largest = Math.max(largest, values[i]);
            areWhole &= values[i] == Math.rint(values[i]);
        }
        if (largest <= 1 && !areWhole) {
            throw new BadImageException(
                    "scaled to values of 0 to 1, and they are to be 0 to 255: multiply them by 255");
        }
        return pixels;
    }

    private static byte pixel(double value) throws BadImageException {
        double rounded = Math.floor(value + 0.5);
        if (!(rounded >= 0 && rounded <= 255)) {
            throw new BadImageException("out of range: its values are to be 0 to 255, and one is " + value);
        }
        return (byte) (int) rounded;
    }

    @Override
    public OptionalInt channels() {
        return OptionalInt.of(shape.channels());
    }
}
