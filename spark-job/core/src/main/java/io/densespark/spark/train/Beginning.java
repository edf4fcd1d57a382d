package io.densespark.spark.train;

import io.densespark.spark.store.CheckpointStore.Complete;
import java.io.Serializable;

/** What the weights of an attempt are at first. */
sealed interface Beginning extends Serializable {
    /** Drawn by the run's seed. */
    record Random() implements Beginning {}

    /**
     * Those that {@code --init} names.
     *
     * @param sha256 of the file, as the driver has read it
     */
    record Weights(String sha256) implements Beginning {}

    /**
     * Those of a checkpoint, with all that belongs to them.
     *
     * @param folder of the checkpoint
     */
    record Checkpoint(String folder) implements Beginning {}

    /** Those after a checkpoint. */
    static Beginning after(Complete checkpoint) {
        return new Checkpoint(checkpoint.folder());
    }
}
