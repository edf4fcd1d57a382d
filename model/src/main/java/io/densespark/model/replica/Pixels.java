package io.densespark.model.replica;

import io.densespark.model.tensor.ByteTable;
import io.densespark.model.tensor.Storage;

/** The images of a batch in Java's heap, {@code [N, H, W, C]}; there may be more of them than the batch has. */
public abstract class Pixels {
    private Pixels() {}

    /** Normalized values; not copied. */
    public static Pixels of(float[] values) {
        return new Pixels() {
            @Override
            int length() {
                return values.length;
            }

            @Override
            void write(int from, int count, Storage into) {
                into.write(0, values, from, count);
            }
        };
    }

    /**
     * Bytes that are normalized where the replica's memory is.
     *
     * @param values not copied
     * @param table what they become; of as many channels as the images have
     */
    public static Pixels of(byte[] values, ByteTable table) {
        return new Pixels() {
            @Override
            int length() {
                return values.length;
            }

            @Override
            void write(int from, int count, Storage into) {
                into.write(0, values, from, count, table);
            }
        };
    }

    /** How many values there are. */
    abstract int length();

    /** Writes some values, the first of which is of channel 0, from the beginning of {@code into} on. */
    abstract void write(int from, int count, Storage into);
}
