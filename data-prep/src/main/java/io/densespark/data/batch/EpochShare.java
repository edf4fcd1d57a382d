package io.densespark.data.batch;

/**
 * Which examples of an epoch a rank takes, global batch by global batch. All ranks see the same batches; a rank's part of
 * one may be empty.
 */
public interface EpochShare {
    /** Number of global batches, the same on all ranks. */
    int batches();

    /** Examples in global batch {@code batch}, over all ranks. */
    int globalCount(int batch);

    /** This rank's examples in global batch {@code batch}. */
    int count(int batch);

    /** The most examples that this rank has in any batch. */
    int maxCount();

    /** Position of this rank's first example of global batch {@code batch} in the epoch. */
    int first(int batch);

    /** Index, among the images that this rank holds, of its example number {@code position} of global batch {@code batch}. */
    int image(int batch, int position);
}
