package io.densespark.model.cuda;

import io.densespark.model.tensor.Matrix;

/** How many neighbouring columns a thread reads at once; a GPU wants such a read to be aligned to its size. */
enum Width {
    FOUR(4),
    TWO(2),
    ONE(1);

    private final int columns;

    Width(int columns) {
        this.columns = columns;
    }

    int columns() {
        return columns;
    }

    /** The most that all of these matrices allow, which have the same columns. */
    static Width of(Matrix... matrices) {
        long common = 0;
        for (Matrix matrix : matrices) {
            common |= matrix.columns() | matrix.stride() | matrix.offset();
        }
        return dividing(common);
    }

    /** Storages begin at multiples of far more than a read's size, so that numbers of elements decide. */
    private static Width dividing(long common) {
        if (common % FOUR.columns == 0) {
            return FOUR;
        }
        return common % TWO.columns == 0 ? TWO : ONE;
    }
}
