package io.densespark.data.batch;

import io.densespark.data.ImageShape;

/** The images of a split that batches are made of, in memory or in shards. For any number of threads. */
public interface Examples {
    /** Number of images, N. */
    int size();

    /** The size of every image, as it is learnt from. */
    ImageShape shape();

    /**
     * Which images to learn from, and which to keep for validation.
     *
     * @throws io.densespark.data.DataException if {@code validSize} is negative, or leaves nothing to train on
     */
    TrainValidationSplit split(int validSize, long seed);

    /**
     * The order of an epoch, which depends on what is given here alone, not on the number of ranks.
     *
     * @param images indices of those to learn from, ascending
     * @param globalBatch examples in a global batch
     * @return the same indices in another order
     */
    int[] order(long seed, int epoch, int[] images, int globalBatch);

    /**
     * Starts to make a rank's batches of one epoch; the caller closes the loader.
     *
     * @param share which images this rank takes
     * @param transform augmentation and normalization of this epoch
     * @param prefetch batches to be ready ahead of the caller, at least 1
     * @param threads that decode, where images have to be decoded, at least 1
     * @throws io.densespark.data.DataException if {@code prefetch} is below 1, or a batch would have 2^31 values or more
     */
    BatchLoader load(EpochShare share, ImageTransform transform, int prefetch, int threads);
}
