package io.densespark.model.cpu;

import io.densespark.model.tensor.Matrix;

/** Products of matrices in the CPU's memory, each on the calling thread alone. */
@FunctionalInterface
public interface MatrixProducts {
    /**
     * c = op(a)·op(b), or c += op(a)·op(b), where op transposes or doesn't.
     *
     * @param a {@code [m, k]}, or {@code [k, m]} if transposed; may be strided, as all three
     * @param b {@code [k, n]}, or {@code [n, k]} if transposed
     * @param c {@code [m, n]}
     */
    void multiply(Matrix a, boolean transposeA, Matrix b, boolean transposeB, boolean accumulate, Matrix c);
}
