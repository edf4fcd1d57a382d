package io.densespark.model.cpu;

import io.densespark.model.plan.HeapTile;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Matrix;

/** In which order a tile {@code [rows, c]} lies in its array. Passes that look at each value alone need not know. */
enum TileOrder {
    /** Row by row. */
    ROWS {
        @Override
        int index(int row, int column, int rows, int columns) {
            return row * columns + column;
        }
    },
    /** Row by row as well, in runs as long as those of {@link #EVEN_THEN_ODD}, so that column sums have the same bits. */
    ROWS_OF_BFLOAT16 {
        @Override
        int index(int row, int column, int rows, int columns) {
            return ROWS.index(row, column, rows, columns);
        }
    },
    /**
     * The even columns of all rows, then the odd ones, {@code [2, rows, c/2]}: two numbers of bfloat16 come as one int, and the
     * JIT vectorizes taking ints apart, but not mixing what was taken apart.
     */
    EVEN_THEN_ODD {
        @Override
        int index(int row, int column, int rows, int columns) {
            return (column % 2 * rows + row) * (columns / 2) + column / 2;
        }
    };

    /** What suits a pass over such matrices, which have the same columns. */
    static TileOrder of(Matrix... matrices) {
        boolean bfloat = false;
        boolean even = true;
        for (Matrix matrix : matrices) {
            bfloat |= matrix.storage().type() == ElementType.BFLOAT16;
            even &= matrix.columns() % 2 == 0 && matrix.offset() % 2 == 0 && matrix.stride() % 2 == 0;
        }
        if (!bfloat || !even) {
            return ROWS;
        }
        return Tile.VECTORS == null ? EVEN_THEN_ODD : ROWS_OF_BFLOAT16;
    }

    /** Where a value lies in a tile of so many rows. */
    abstract int index(int row, int column, int rows, int columns);

    /** How many of so many rows a pass takes in one run, so that all of the run's tiles have the same order. */
    int rowsOfRun(int rows, int columns) {
        int whole = this == ROWS ? rows : rows - rows % HeapTile.rows(columns);
        return whole == 0 ? rows : whole;
    }

    /** Fills {@code into}, a tile of {@code rows}, with rows that all are {@code values}, {@code [c]}. */
    void repeat(float[] values, float[] into, int rows) {
        int columns = values.length;
        if (this != EVEN_THEN_ODD) {
            System.arraycopy(values, 0, into, 0, columns);
            repeat(into, 0, columns, rows);
            return;
        }
        int half = columns / 2;
        for (int odd = 0; odd < 2; odd++) {
            int from = odd * rows * half;
            for (int j = 0; j < half; j++) {
                into[from + j] = values[2 * j + odd];
            }
            repeat(into, from, half, rows);
        }
    }

    private static void repeat(float[] values, int from, int columns, int rows) {
        int filled = columns;
        while (filled < rows * columns) {
            int more = Math.min(filled, rows * columns - filled);
            System.arraycopy(values, from, values, from + filled, more);
            filled += more;
        }
    }
}
