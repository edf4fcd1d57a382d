package io.densespark.model.kernels;

import io.densespark.model.tensor.Vector;

/**
 * Two sums over rows for each column.
 *
 * <p>As one worker's partial sums: Σ du and Σ du·x̂. As a normalization's deferred sums: s1 = Σ γ·dβ and s2 = Σ γ·dγ over
 * all consumers of a column.
 *
 * @param plain {@code [c]} in double
 * @param withNormalized {@code [c]} in double
 */
public record ColumnSums(Vector plain, Vector withNormalized) {
    /** The columns {@code [from, from + count)}. */
    public ColumnSums slice(int from, int count) {
        return new ColumnSums(plain.slice(from, count), withNormalized.slice(from, count));
    }
}
