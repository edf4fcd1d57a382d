package io.densespark.model.replica;

import io.densespark.model.ModelException;
import io.densespark.model.network.ImageShape;

/** Training would normalize channels that have a single value: their batch variance is undefined. */
public final class UndefinedStatisticsException extends ModelException {
    public UndefinedStatisticsException(ImageShape shape) {
        super(
                "batch statistics are undefined, as one image with a last feature map of " + shape
                        + " gives each channel a single value",
                "train with at least 2 images a replica in every step, or larger images");
    }
}
