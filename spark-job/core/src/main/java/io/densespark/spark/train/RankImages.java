package io.densespark.spark.train;

import io.densespark.model.collective.ProcessGroup;

/** The images that a rank holds, until it closes them. */
interface RankImages extends AutoCloseable {
    /**
     * Settles with the other ranks what each takes.
     *
     * @throws io.densespark.spark.JobException if it can't be done with these images, on all ranks alike
     */
    Feed join(RunPlan plan, ProcessGroup group);

    /** Lets go of what this rank alone holds. */
    @Override
    default void close() {}
}
