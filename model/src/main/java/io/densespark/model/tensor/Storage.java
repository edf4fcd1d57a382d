package io.densespark.model.tensor;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;

/**
 * One native allocation on a device. Whoever allocated it closes it; views ({@link Matrix}, {@link Vector}) don't own it
 * and must not be used afterwards.
 */
public interface Storage extends AutoCloseable {
    /** The most bytes that a Java buffer reaches. */
    long LARGEST_JAVA_BUFFER = Integer.MAX_VALUE;

    /** Values that Java looks up at a time: what stays in a core's cache. */
    int LOOKED_UP = 4096;

    ElementType type();

    /** Number of elements. */
    long elements();

    /** Bytes of native memory. */
    default long bytes() {
        return elements() * type().bytes();
    }

    /**
     * Copies {@code length} elements from {@code offset} on into {@code target[at..]}; for {@link ElementType#FLOAT} and {@link
     * ElementType#BFLOAT16}.
     */
    void read(long offset, float[] target, int at, int length);

    /**
     * Copies {@code source[at..at + length)} to {@code offset}; for {@link ElementType#FLOAT}, and for {@link
     * ElementType#BFLOAT16}, rounded to the nearest, ties to even.
     */
    void write(long offset, float[] source, int at, int length);

    /**
     * Writes what {@code table} makes of {@code source[at..at + length)} to {@code offset}, for the same types; the first byte is
     * of channel 0.
     */
    default void write(long offset, byte[] source, int at, int length, ByteTable table) {
        int most = Math.max(1, LOOKED_UP / table.channels()) * table.channels();
        float[] piece = new float[Math.min(most, length)];
        for (int done = 0; done < length; done += most) {
            int count = Math.min(most, length - done);
            table.lookUp(source, at + done, count, piece);
            write(offset + done, piece, 0, count);
        }
    }

    /** Copies {@code length} elements from {@code offset} on into {@code target}; for {@link ElementType#DOUBLE}. */
    void read(long offset, double[] target, int length);

    /** Copies the first {@code length} elements of {@code source} to {@code offset}; for {@link ElementType#DOUBLE}. */
    void write(long offset, double[] source, int length);

    /**
     * The memory itself, for passes in Java; for {@link ElementType#FLOAT} on CPU. To be used by absolute index only, and
     * not after {@link #close()}.
     *
     * @throws UnsupportedOperationException if the memory is a GPU's, of another type, or larger than {@link
     *     #LARGEST_JAVA_BUFFER}
     */
    FloatBuffer floats();

    /**
     * The memory itself, as {@link #floats}; for {@link ElementType#BFLOAT16} on CPU.
     *
     * @throws UnsupportedOperationException as {@link #floats}
     */
    default ShortBuffer halves() {
        throw new UnsupportedOperationException("of another type, or a GPU's");
    }

    /**
     * The memory itself, two elements to an int, the first of them in its lower half; a last one without a neighbour is out of
     * reach. As {@link #halves} else.
     *
     * @throws UnsupportedOperationException as {@link #floats}
     */
    default IntBuffer pairs() {
        throw new UnsupportedOperationException("of another type, or a GPU's");
    }

    /** Sets every element to zero. */
    void zero();

    /** Frees the native memory at once; closing twice does nothing. */
    @Override
    void close();
}
