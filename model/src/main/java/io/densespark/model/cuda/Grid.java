package io.densespark.model.cuda;

import io.densespark.model.plan.GpuScratch;
import io.densespark.model.tensor.Matrix;

/**
 * How many threads run a kernel. What a kernel of {@code passes.cu} computes depends on it in the last bits: it is a function
 * of shapes alone, so that all GPUs sum in the same order.
 */
record Grid(int blocksX, int blocksY, int threadsX, int threadsY) {
    /** As in {@code passes.cu}. */
    static final int THREADS = 256;

    private static final int MERGE_COLUMNS = 8;
    private static final int MERGE_LANES = 64;

    /** Most groups of columns of a block: what its threads read of one row then lies in a kilobyte. */
    private static final int WIDEST = 64;

    /** A thread with fewer rows wouldn't repay the reading of its columns' constants. */
    private static final int LEAST_ROWS = 8;

    /** For a matrix whose threads take {@code width} columns at once. */
    static Grid ofMatrix(Matrix matrix, Width width) {
        int groups = matrix.columns() / width.columns();
        int tiles = (groups - 1) / WIDEST + 1;
        int threadsX = (groups - 1) / tiles + 1;
        int threadsY = THREADS / threadsX;
        long strips = (matrix.rows() - 1) / ((long) threadsY * LEAST_ROWS) + 1;
        long most = Math.max(1, GpuScratch.MOST_STRIPS / tiles);
        return new Grid(tiles, (int) Math.min(strips, most), threadsX, threadsY);
    }

    /** For an average over the rows of each image. */
    static Grid ofImages(int images, int columns) {
        int threadsX = Math.min(columns, WIDEST);
        return new Grid((columns - 1) / threadsX + 1, images, threadsX, THREADS / threadsX);
    }

    /** For one thread a column. */
    static Grid ofColumns(int columns) {
        return new Grid((columns - 1) / THREADS + 1, 1, THREADS, 1);
    }

    /** For the merging of strips. */
    static Grid ofMerge(int columns) {
        return new Grid((columns - 1) / MERGE_COLUMNS + 1, 1, MERGE_COLUMNS, MERGE_LANES);
    }

    /** For the elements of a vector. */
    static Grid ofVector(long elements) {
        long blocks = (elements - 1) / THREADS + 1;
        return new Grid((int) Math.min(blocks, 2L * GpuScratch.MOST_STRIPS), 1, THREADS, 1);
    }
}
