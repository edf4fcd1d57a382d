package io.densespark.model.replica;

import io.densespark.model.kernels.ColumnSums;

/** A layer of a dense block: it reads the block's first columns and writes the next ones in place. */
interface DenseLayer {
    /** Writes the new columns and, in training, their batch statistics. */
    void forward();

    /**
     * Finishes the gradient of this layer's new columns, whose consumers have all been through, and accumulates the
     * gradient of its inputs into the block's accumulator and {@code blockSums}.
     */
    void backward(ColumnSums blockSums);
}
