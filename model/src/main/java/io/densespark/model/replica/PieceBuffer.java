package io.densespark.model.replica;

import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Storage;
import java.util.List;

/**
 * Scratch of each worker, shared by all passes that take it, for one tile or chunk.
 *
 * @param copies one a worker
 */
record PieceBuffer(List<Storage> copies) {
    /** The scratch of a worker as {@code [rows, columns]}. */
    Matrix of(int t, int rows, int columns) {
        return Matrix.contiguous(copies.get(t), rows, columns);
    }
}
