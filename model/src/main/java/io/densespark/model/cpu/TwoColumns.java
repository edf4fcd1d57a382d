package io.densespark.model.cpu;

import io.densespark.model.tensor.Matrix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/**
 * Takes neighbouring columns of bfloat16, which lie two to an int, apart to a tile of {@link TileOrder#EVEN_THEN_ODD}, and
 * puts them together again. Where the bits of ints are to become floats they are copied through bytes, for which the JIT has
 * its fastest loop; it vectorizes no call that reinterprets one.
 */
final class TwoColumns {
    private static final int HALF = 16;
    private static final int UPPER = 0xffff0000;
    private static final int JUST_BELOW_HALF = 0x7fff;

    private final int[] evens;
    private final int[] odds;
    private final IntBuffer asInts;
    private final FloatBuffer asFloats;

    /** @param elements of the largest tile */
    TwoColumns(int elements) {
        evens = new int[elements / 2];
        odds = new int[elements / 2];
        ByteBuffer bytes = ByteBuffer.allocate(elements * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        asInts = bytes.asIntBuffer();
        asFloats = bytes.asFloatBuffer();
    }

    int elements() {
        return asFloats.capacity();
    }

    /** Rows of bfloat16 whose first one, columns and stride are even. */
    void load(Matrix matrix, int first, int rows, float[] tile) {
        IntBuffer memory = matrix.storage().pairs();
        int half = matrix.columns() / 2;
        int count = rows * half;
        int from = Tile.start(matrix, first) / 2;
        if (matrix.isContiguous()) {
            memory.get(from, odds, 0, count);
        } else {
            for (int row = 0; row < rows; row++) {
                memory.get(from + row * (matrix.stride() / 2), odds, row * half, half);
            }
        }
        widen(odds, evens, count);
        asInts.put(0, evens, 0, count);
        asInts.put(count, odds, 0, count);
        asFloats.get(0, tile, 0, 2 * count);
    }

    private static void widen(int[] odds, int[] evens, int count) {
        for (int i = 0; i < count; i++) {
            evens[i] = odds[i] << HALF;
        }
        for (int i = 0; i < count; i++) {
            odds[i] = odds[i] & UPPER;
        }
    }

    /** Rounds to the nearest, ties to even. What arithmetic makes of numbers that are none stays none. */
    void store(float[] tile, Matrix matrix, int first, int rows) {
        IntBuffer memory = matrix.storage().pairs();
        int half = matrix.columns() / 2;
        int count = rows * half;
        asFloats.put(0, tile, 0, 2 * count);
        asInts.get(0, evens, 0, count);
        asInts.get(count, odds, 0, count);
        round(evens, odds, count);
        int to = Tile.start(matrix, first) / 2;
        if (matrix.isContiguous()) {
            memory.put(to, odds, 0, count);
            return;
        }
        for (int row = 0; row < rows; row++) {
            memory.put(to + row * (matrix.stride() / 2), odds, row * half, half);
        }
    }

    private static void round(int[] evens, int[] odds, int count) {
        for (int i = 0; i < count; i++) {
            int even = (evens[i] + JUST_BELOW_HALF + ((evens[i] >>> HALF) & 1)) >>> HALF;
            odds[i] = ((odds[i] + JUST_BELOW_HALF + ((odds[i] >>> HALF) & 1)) & UPPER) | even;
        }
    }
}
