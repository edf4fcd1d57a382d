package io.densespark.model.tensor;

import java.nio.FloatBuffer;

/**
 * One native allocation on a device. Whoever allocated it closes it; views ({@link Matrix}, {@link Vector}) don't own it
 * and must not be used afterwards.
 */
public interface Storage extends AutoCloseable {
    /** The most bytes that a Java buffer reaches. */
    long LARGEST_JAVA_BUFFER = Integer.MAX_VALUE;

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

    /** Sets every element to zero. */
    void zero();

    /** Frees the native memory at once; closing twice does nothing. */
    @Override
    void close();
}
