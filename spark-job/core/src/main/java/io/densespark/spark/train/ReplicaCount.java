package io.densespark.spark.train;

import io.densespark.spark.JobException;
import io.densespark.spark.resources.ClusterSlots;
import java.time.Duration;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * How many replicas a run may have.
 *
 * @param least with which it goes on
 * @param wanted if the cluster has the slots
 * @param patience how long for more than there are
 */
record ReplicaCount(int least, int wanted, Duration patience) {
    /** Fewer at least than wanted: the number may change on the way. */
    boolean isElastic() {
        return least < wanted;
    }

    /**
     * Waits for the slots of those that are wanted, but not for ever.
     *
     * @return how many there are
     * @throws JobException if there are too few
     */
    int await(JavaSparkContext sc) {
        return ClusterSlots.awaitReplacements(sc, least, wanted, patience);
    }
}
