package io.densespark.model.plan;

import io.densespark.model.ModelException;

/** One worker's slice of a batch is more than it can address. */
public final class BatchTooLargeException extends ModelException {
    BatchTooLargeException(ReplicaSettings settings, String needed, String most) {
        super(
                "a batch of " + settings.batch() + " images of " + settings.image() + " over " + settings.workers()
                        + " workers needs " + needed + " for one worker, which can address " + most,
                "use a smaller batch, more replicas, or more workers a replica");
    }
}
