package io.densespark.spark.settings;

import io.densespark.model.optimizer.Sgd;
import java.util.Optional;

/**
 * How a run goes over its training images.
 *
 * @param epochs passes over them
 * @param batchSize images in a step, all replicas together
 * @param optimizer that makes the steps
 * @param validSize training images kept aside to choose the best epoch, if somebody said how many
 */
public record Schedule(int epochs, int batchSize, Sgd optimizer, Optional<Integer> validSize) {
    private static final int MOST_VALIDATION = 5000;
    private static final int TENTH = 10;

    /** @throws io.densespark.spark.JobException naming the setting that is out of range */
    public Schedule {
        Setting.EPOCHS.require(epochs);
        Setting.BATCH_SIZE.require(batchSize);
        validSize.ifPresent(Setting.VALID_SIZE::require);
    }

    /** What is kept aside of so many training images where none are for validation alone. */
    public int validSize(int trainImages) {
        return validSize.orElseGet(() -> usualValidSize(trainImages));
    }

    /** What is kept aside of so many training images where nobody said how many. */
    public static int usualValidSize(int trainImages) {
        return Math.min(MOST_VALIDATION, trainImages / TENTH);
    }
}
