package io.densespark.model.replica;

import io.densespark.model.kernels.Affine;
import io.densespark.model.plan.BufferId;
import io.densespark.model.tensor.Matrix;

/**
 * Where normalized activations go: to a map of their own that the backward pass finds again, or to scratch for one piece,
 * which it fills again.
 */
final class NormalizedMap {
    private final Workspace w;
    private final int columns;
    private final boolean isKept;
    private final PieceBuffer buffer;

    /** @param own the buffer that keeps them, if the level keeps any */
    NormalizedMap(Workspace w, BufferId own, int columns) {
        this.w = w;
        this.columns = columns;
        isKept = w.settings.level().keeps(own.role());
        buffer = w.piece(w.settings.level().place(own));
    }

    /** In the forward pass: z = max(0, x·scale + shift) of the rows from {@code row} on. */
    Matrix normalize(int t, int row, Matrix x, Affine affine) {
        Matrix z = rows(t, row, x.rows());
        w.kernels.normalizeRelu(x, affine, z);
        return z;
    }

    /** In the backward pass: the same z, made once more unless it was kept. */
    Matrix again(int t, int row, Matrix x, Affine affine) {
        Matrix z = rows(t, row, x.rows());
        if (!isKept) {
            w.clock.recompute(t, () -> w.kernels.normalizeRelu(x, affine, z));
        }
        return z;
    }

    private Matrix rows(int t, int row, int rows) {
        int first = isKept ? row : 0;
        return buffer.of(t, first + rows, columns).rows(first, rows);
    }
}
