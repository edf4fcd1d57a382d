package io.densespark.model.cpu;

import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Matrix;
import java.nio.FloatBuffer;

/**
 * The gradients that consumers of a map accumulate. They are of floats also where maps are of bfloat16. Then a row of theirs
 * holds the even columns of the whole row first and then the odd ones, where tiles do: to mix them would take longer than all
 * else. Only the passes that accumulate and finish read it.
 */
final class Accumulator {
    private final Matrix matrix;
    private final boolean isByParity;
    private final int column;

    /**
     * @param matrix some columns of rows with which its storage begins
     * @param map what is accumulated for
     */
    Accumulator(Matrix matrix, Matrix map) {
        this.matrix = matrix;
        isByParity = map.storage().type() == ElementType.BFLOAT16
                && matrix.storage().type() == ElementType.FLOAT
                && matrix.stride() % 2 == 0
                && Tile.VECTORS == null;
        column = (int) (matrix.offset() % matrix.stride());
    }

    /** Copies the rows {@code [first, first + rows)} into {@code tile}. */
    void load(TileOrder order, int first, int rows, float[] tile) {
        if (!isByParity) {
            Tile.load(order, matrix, first, rows, tile);
            return;
        }
        FloatBuffer memory = matrix.storage().floats();
        int half = matrix.columns() / 2;
        for (int row = 0; row < rows; row++) {
            if (order == TileOrder.EVEN_THEN_ODD) {
                memory.get(index(first + row, 0), tile, row * half, half);
                memory.get(index(first + row, 1), tile, (rows + row) * half, half);
            } else {
                for (int j = 0; j < matrix.columns(); j++) {
                    tile[row * matrix.columns() + j] = memory.get(index(first + row, j));
                }
            }
        }
    }

    /** Copies {@code tile} into the rows {@code [first, first + rows)}. */
    void store(TileOrder order, float[] tile, int first, int rows) {
        if (!isByParity) {
            Tile.store(order, tile, matrix, first, rows);
            return;
        }
        FloatBuffer memory = matrix.storage().floats();
        int half = matrix.columns() / 2;
        for (int row = 0; row < rows; row++) {
            if (order == TileOrder.EVEN_THEN_ODD) {
                memory.put(index(first + row, 0), tile, row * half, half);
                memory.put(index(first + row, 1), tile, (rows + row) * half, half);
            } else {
                for (int j = 0; j < matrix.columns(); j++) {
                    memory.put(index(first + row, j), tile[row * matrix.columns() + j]);
                }
            }
        }
    }

    /** Where a value lies in memory. */
    int index(int row, int j) {
        if (!isByParity) {
            return Tile.start(matrix, row) + j;
        }
        int whole = column + j;
        return Tile.start(matrix, row) - column + whole % 2 * (matrix.stride() / 2) + whole / 2;
    }
}
