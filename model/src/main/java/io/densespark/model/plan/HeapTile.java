package io.densespark.model.plan;

import io.densespark.model.tensor.ElementType;

/**
 * The size of the pieces in which a worker's passes on CPU copy rows to the Java heap, where plain loops run over them.
 * Much smaller than a {@link Tiling}'s pieces: a handful of them fit the first two levels of a cache.
 */
public final class HeapTile {
    /** The most tiles that one pass works on at a time. */
    public static final int COUNT = 9;

    /** As many more are there to take bfloat16 numbers apart. */
    private static final int OF_BFLOAT16 = 2;

    private static final int ELEMENTS = 2048;
    private static final int LEAST_ROWS = 4;
    private static final int MOST_ROWS = 256;

    private HeapTile() {}

    /** Rows of a full tile. It depends on the number of columns alone, so that the same pass adds in the same order. */
    public static int rows(int columns) {
        return Math.max(LEAST_ROWS, Math.min(MOST_ROWS, ELEMENTS / columns));
    }

    /** What a worker's tiles come to at most, where no matrix has more than {@code columns}. */
    static long bytesOfWorker(int columns, ElementType maps) {
        int tiles = maps == ElementType.BFLOAT16 ? COUNT + OF_BFLOAT16 : COUNT;
        return (long) tiles * Math.max(ELEMENTS, LEAST_ROWS * columns) * Float.BYTES;
    }
}
