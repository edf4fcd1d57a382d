package io.densespark.model.cpu;

import io.densespark.model.tensor.Matrix;
import java.nio.FloatBuffer;

/**
 * Some rows of a matrix on the heap, one after another without gaps: {@code [rows, c]}.
 *
 * <p>Loops run over whole tiles, not over rows: a row may be shorter than the JIT's unrolled vector loop. Values that
 * belong to columns are therefore repeated for every row.
 */
final class Tile {
    private Tile() {}

    /** Copies the rows {@code [first, first + rows)} of {@code matrix} into {@code tile}. */
    static void load(FloatBuffer memory, Matrix matrix, int first, int rows, float[] tile) {
        int columns = matrix.columns();
        int from = start(matrix, first);
        if (matrix.isContiguous()) {
            memory.get(from, tile, 0, rows * columns);
            return;
        }
        for (int row = 0; row < rows; row++) {
            memory.get(from + row * matrix.stride(), tile, row * columns, columns);
        }
    }

    /** Copies {@code tile} into the rows {@code [first, first + rows)} of {@code matrix}. */
    static void store(float[] tile, FloatBuffer memory, Matrix matrix, int first, int rows) {
        int columns = matrix.columns();
        int to = start(matrix, first);
        if (matrix.isContiguous()) {
            memory.put(to, tile, 0, rows * columns);
            return;
        }
        for (int row = 0; row < rows; row++) {
            memory.put(to + row * matrix.stride(), tile, row * columns, columns);
        }
    }

    private static int start(Matrix matrix, int row) {
        return Math.toIntExact(matrix.offset() + (long) row * matrix.stride());
    }

    /** Repeats the first {@code columns} elements of {@code values} in place, {@code rows} times in all. */
    static void repeat(float[] values, int columns, int rows) {
        int filled = columns;
        while (filled < rows * columns) {
            int more = Math.min(filled, rows * columns - filled);
            System.arraycopy(values, 0, values, filled, more);
            filled += more;
        }
    }
}
