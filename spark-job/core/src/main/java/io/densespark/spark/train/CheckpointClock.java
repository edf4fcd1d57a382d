package io.densespark.spark.train;

import io.densespark.model.collective.ProcessGroup;
import io.densespark.spark.settings.CheckpointSettings;

/**
 * Says after which steps of an epoch there is a checkpoint. By time it is rank 0's clock that counts, and the others ask it in
 * a sum of one number, so not after each step. All ranks make the same calls.
 */
final class CheckpointClock {
    private static final int STEPS_BETWEEN_QUESTIONS = 10;

    private final CheckpointSettings settings;
    private final ProcessGroup group;
    private long last = System.nanoTime();

    CheckpointClock(CheckpointSettings settings, ProcessGroup group) {
        this.settings = settings;
        this.group = group;
    }

    /** @param steps of the epoch that were begun, at least one */
    boolean isDue(int steps) {
        if (settings.everySteps() > 0 && steps % settings.everySteps() == 0) {
            return true;
        }
        if (settings.every().isZero() || steps % STEPS_BETWEEN_QUESTIONS != 0) {
            return false;
        }
        boolean isOld = System.nanoTime() - last >= settings.every().toNanos();
        return group.sum(new double[] {group.rank() == 0 && isOld ? 1 : 0})[0] > 0;
    }

    /** A checkpoint was begun just now. */
    void begin() {
        last = System.nanoTime();
    }
}
