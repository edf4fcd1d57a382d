package io.densespark.model.cpu;

import io.densespark.model.tensor.Matrix;

/** Where the CPU's passes have what they accumulate. */
public final class AccumulatorPlaces {
    private AccumulatorPlaces() {}

    /**
     * The index of the value of a row and a column of {@code accumulated}.
     *
     * @param map what is accumulated for
     */
    public static int index(Matrix accumulated, Matrix map, int row, int column) {
        return new Accumulator(accumulated, map).index(row, column);
    }
}
