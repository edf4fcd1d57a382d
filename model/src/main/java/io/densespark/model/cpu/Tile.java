package io.densespark.model.cpu;

import io.densespark.model.tensor.Bfloat16;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Matrix;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of a matrix on the heap as floats, without gaps: {@code [rows, c]}, in a {@link TileOrder}.
 *
 * <p>Loops run over whole tiles, not over rows: a row may be shorter than the JIT's unrolled vector loop. Values that
 * belong to columns are therefore repeated for every row.
 */
final class Tile {
    /** Null where numbers of bfloat16 have to be taken apart by plain loops. */
    static final @Nullable BfloatLoops VECTORS = BfloatLoops.vectorized();

    private Tile() {}

    /** Copies the rows {@code [first, first + rows)} of {@code matrix} into {@code tile}; of floats row by row only. */
    static void load(TileOrder order, Matrix matrix, int first, int rows, float[] tile) {
        if (order == TileOrder.EVEN_THEN_ODD) {
            Scratch.ofThread().twoColumns(rows * matrix.columns()).load(matrix, first, rows, tile);
        } else if (matrix.storage().type() == ElementType.FLOAT) {
            loadFloats(matrix, first, rows, tile);
        } else if (VECTORS == null) {
            loadHalves(matrix, first, rows, tile);
        } else {
            loadHalves(VECTORS, matrix, first, rows, tile);
        }
    }

    /** Copies {@code tile} into the rows {@code [first, first + rows)} of {@code matrix}, as {@link #load}. */
    static void store(TileOrder order, float[] tile, Matrix matrix, int first, int rows) {
        if (order == TileOrder.EVEN_THEN_ODD) {
            Scratch.ofThread().twoColumns(rows * matrix.columns()).store(tile, matrix, first, rows);
        } else if (matrix.storage().type() == ElementType.FLOAT) {
            storeFloats(tile, matrix, first, rows);
        } else if (VECTORS == null) {
            storeHalves(tile, matrix, first, rows);
        } else {
            storeHalves(VECTORS, tile, matrix, first, rows);
        }
    }

    private static void loadFloats(Matrix matrix, int first, int rows, float[] tile) {
        FloatBuffer memory = matrix.storage().floats();
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

    private static void storeFloats(float[] tile, Matrix matrix, int first, int rows) {
        FloatBuffer memory = matrix.storage().floats();
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

    /** One by one: what lies at odd places isn't worth more. */
    private static void loadHalves(Matrix matrix, int first, int rows, float[] tile) {
        ShortBuffer memory = matrix.storage().halves();
        int columns = matrix.columns();
        int from = start(matrix, first);
        for (int row = 0; row < rows; row++) {
            for (int j = 0; j < columns; j++) {
                tile[row * columns + j] = Bfloat16.toFloat(memory.get(from + row * matrix.stride() + j));
            }
        }
    }

    private static void storeHalves(float[] tile, Matrix matrix, int first, int rows) {
        ShortBuffer memory = matrix.storage().halves();
        int columns = matrix.columns();
        int to = start(matrix, first);
        for (int row = 0; row < rows; row++) {
            for (int j = 0; j < columns; j++) {
                memory.put(to + row * matrix.stride() + j, Bfloat16.of(tile[row * columns + j]));
            }
        }
    }

    private static void loadHalves(BfloatLoops vectors, Matrix matrix, int first, int rows, float[] tile) {
        ShortBuffer memory = matrix.storage().halves();
        int columns = matrix.columns();
        int from = start(matrix, first);
        short[] halves = Scratch.ofThread().halves(rows * columns);
        if (matrix.isContiguous()) {
            memory.get(from, halves, 0, rows * columns);
        } else {
            for (int row = 0; row < rows; row++) {
                memory.get(from + row * matrix.stride(), halves, row * columns, columns);
            }
        }
        vectors.widen(halves, tile, rows * columns);
    }

    private static void storeHalves(BfloatLoops vectors, float[] tile, Matrix matrix, int first, int rows) {
        ShortBuffer memory = matrix.storage().halves();
        int columns = matrix.columns();
        int to = start(matrix, first);
        short[] halves = Scratch.ofThread().halves(rows * columns);
        vectors.round(tile, halves, rows * columns);
        if (matrix.isContiguous()) {
            memory.put(to, halves, 0, rows * columns);
            return;
        }
        for (int row = 0; row < rows; row++) {
            memory.put(to + row * matrix.stride(), halves, row * columns, columns);
        }
    }

    /** The index of a row's first element. */
    static int start(Matrix matrix, int row) {
        return Math.toIntExact(matrix.offset() + (long) row * matrix.stride());
    }
}
