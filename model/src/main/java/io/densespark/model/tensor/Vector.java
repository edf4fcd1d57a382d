package io.densespark.model.tensor;

import java.util.Objects;

/**
 * A view of consecutive elements of a storage, shape {@code [length]}.
 *
 * @param storage the memory, not owned
 * @param offset index of the first element
 * @param length number of elements
 */
public record Vector(Storage storage, long offset, int length) {
    /** The most elements that are written at once, so that a device needs no more memory for their arrival. */
    public static final int PART = 1 << 20;

    public Vector {
        Objects.checkFromIndexSize(offset, length, storage.elements());
    }

    /** The elements {@code [from, from + count)}. */
    public Vector slice(int from, int count) {
        Objects.checkFromIndexSize(from, count, length);
        return new Vector(storage, offset + from, count);
    }

    /** A copy on the Java heap; for {@link ElementType#FLOAT}. */
    public float[] toFloats() {
        float[] copy = new float[length];
        storage.read(offset, copy, 0, length);
        return copy;
    }

    /** A copy on the Java heap; for {@link ElementType#DOUBLE}. */
    public double[] toDoubles() {
        double[] copy = new double[length];
        storage.read(offset, copy, length);
        return copy;
    }

    /** Overwrites all elements; for {@link ElementType#FLOAT}. {@code values} has this vector's length. */
    public void set(float[] values) {
        if (values.length != length) {
            throw new IllegalArgumentException("a vector of " + length + " elements can't take " + values.length);
        }
        for (int at = 0; at < length; at += PART) {
            storage.write(offset + at, values, at, Math.min(PART, length - at));
        }
    }
}
