package io.densespark.spark.settings;

import io.densespark.model.optimizer.Sgd;

/**
 * How a run goes over its training images.
 *
 * @param epochs passes over them
 * @param batchSize images in a step, all replicas together
 * @param optimizer that makes the steps
 * @param validSize training images kept aside to choose the best epoch
 */
public record Schedule(int epochs, int batchSize, Sgd optimizer, int validSize) {
    /** @throws io.densespark.spark.JobException naming the setting that is out of range */
    public Schedule {
        Setting.EPOCHS.require(epochs);
        Setting.BATCH_SIZE.require(batchSize);
        Setting.VALID_SIZE.require(validSize);
    }
}
