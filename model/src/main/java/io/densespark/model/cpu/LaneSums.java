package io.densespark.model.cpu;

import java.util.Arrays;

/**
 * Column sums as tiles go by. Each element of a tile has a lane of its own, so the loop over a tile is one that the JIT
 * vectorizes; after a few tiles the lanes are added to double sums, so that rounding doesn't grow with the rows.
 */
final class LaneSums {
    private static final int TILES_BEFORE_FLUSH = 32;

    private final TileOrder order;
    private final int columns;
    private final float[] lanes;
    private final double[] sums;
    private int used;
    private int tiles;

    /** @param lanes scratch of at least a tile's length */
    LaneSums(TileOrder order, int columns, float[] lanes) {
        this.order = order;
        this.columns = columns;
        this.lanes = lanes;
        this.sums = new double[columns];
        Arrays.fill(lanes, 0);
    }

    /** Adds the first {@code count} values, whole rows of columns. */
    void add(float[] values, int count) {
        add(values, lanes, count);
        added(count);
    }

    private static void add(float[] values, float[] lanes, int count) {
        for (int i = 0; i < count; i++) {
            lanes[i] += values[i];
        }
    }

    /** Adds the products of the first {@code count} values. */
    void addProducts(float[] a, float[] b, int count) {
        accumulate(a, b, lanes, count);
        added(count);
    }

    private static void accumulate(float[] a, float[] b, float[] lanes, int count) {
        for (int i = 0; i < count; i++) {
            lanes[i] += a[i] * b[i];
        }
    }

    /** Adds the products of the first {@code count} values of a and of b less {@code pivot}. */
    void addProducts(float[] a, float[] b, float[] pivot, int count) {
        accumulate(a, b, pivot, lanes, count);
        added(count);
    }

    private static void accumulate(float[] a, float[] b, float[] pivot, float[] lanes, int count) {
        for (int i = 0; i < count; i++) {
            lanes[i] += a[i] * (b[i] - pivot[i]);
        }
    }

    private void added(int count) {
        used = Math.max(used, count);
        if (++tiles == TILES_BEFORE_FLUSH) {
            flush();
        }
    }

    /** True if the lanes have just been added to the sums. */
    boolean isFlushed() {
        return tiles == 0;
    }

    private void flush() {
        int rows = used / columns;
        for (int row = 0; row < rows; row++) {
            addRow(row, rows);
        }
        Arrays.fill(lanes, 0, used, 0);
        used = 0;
        tiles = 0;
    }

    private void addRow(int row, int rows) {
        if (order != TileOrder.EVEN_THEN_ODD) {
            for (int j = 0; j < columns; j++) {
                sums[j] += lanes[row * columns + j];
            }
            return;
        }
        for (int j = 0; j < columns; j++) {
            sums[j] += lanes[order.index(row, j, rows, columns)];
        }
    }

    /** The sums so far, {@code [c]}; the array stays this object's. */
    double[] sums() {
        flush();
        return sums;
    }

    /** Begins anew. */
    void clear() {
        flush();
        Arrays.fill(sums, 0);
    }
}
