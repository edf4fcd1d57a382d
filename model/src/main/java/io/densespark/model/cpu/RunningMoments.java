package io.densespark.model.cpu;

/** Mean and summed squared deviation of columns, in double, as groups of rows are merged (Chan et al., 1979). */
final class RunningMoments {
    private final double[] mean;
    private final double[] squares;
    private long rows;

    RunningMoments(int columns) {
        mean = new double[columns];
        squares = new double[columns];
    }

    /**
     * Merges a group of rows.
     *
     * @param pivot what was subtracted from its values, {@code [c]}
     * @param deviations sums of the rests, {@code [c]}
     * @param squaredDeviations sums of their squares, {@code [c]}
     */
    void merge(int groupRows, float[] pivot, double[] deviations, double[] squaredDeviations) {
        double share = (double) groupRows / (rows + groupRows);
        for (int j = 0; j < mean.length; j++) {
            double shift = deviations[j] / groupRows;
            double groupSquares = Math.max(0, squaredDeviations[j] - deviations[j] * shift);
            merge(j, pivot[j] + shift, groupSquares, share);
        }
        rows += groupRows;
    }

    /** Merges what another one, of {@code otherRows} rows, has found. */
    void merge(long otherRows, double[] otherMean, double[] otherSquares) {
        double share = (double) otherRows / (rows + otherRows);
        for (int j = 0; j < mean.length; j++) {
            merge(j, otherMean[j], otherSquares[j], share);
        }
        rows += otherRows;
    }

    private void merge(int column, double groupMean, double groupSquares, double share) {
        double delta = groupMean - mean[column];
        mean[column] += delta * share;
        squares[column] += groupSquares + delta * delta * rows * share;
    }

    void meanInto(float[] rounded) {
        for (int j = 0; j < mean.length; j++) {
            rounded[j] = (float) mean[j];
        }
    }

    long rows() {
        return rows;
    }

    double[] mean() {
        return mean;
    }

    double[] squares() {
        return squares;
    }
}
