package io.densespark.spark.train;

import io.densespark.data.batch.EpochShare;
import io.densespark.data.batch.Examples;
import io.densespark.data.batch.Normalization;

/** What a rank trains and validates on. */
interface Feed {
    /**
     * Images, and which of them a rank takes in which batch.
     *
     * @param images those that the share's indices mean
     */
    record Part(Examples images, EpochShare share) {}

    /** The same on all ranks. */
    Normalization normalization();

    /** Of an epoch, counted from 0. */
    Part training(int epoch);

    /** Of the images that are kept aside. */
    Part validation();
}
