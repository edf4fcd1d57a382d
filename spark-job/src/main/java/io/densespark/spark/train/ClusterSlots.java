package io.densespark.spark.train;

import io.densespark.spark.JobException;
import java.time.Duration;
import java.util.OptionalInt;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;

/** How many tasks the cluster can run at once: a barrier stage with more would wait for ever. */
public final class ClusterSlots {
    private static final Duration POLL = Duration.ofMillis(200);

    private ClusterSlots() {}

    /**
     * Waits until the cluster has as many slots as are asked for, or any if that is left open.
     *
     * @param limit how long to wait for executors; they are replaced within seconds
     * @return how many replicas to run
     * @throws JobException if the slots are not there in time
     */
    public static int await(JavaSparkContext sc, OptionalInt asked, Duration limit) {
        // A local master's slots are there from the beginning, or never.
        Duration patience = sc.isLocal() ? Duration.ZERO : limit;
        long deadline = System.nanoTime() + patience.toNanos();
        int slots = count(sc.sc());
        while (slots < asked.orElse(1) && System.nanoTime() < deadline) {
            try {
                Thread.sleep(POLL.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new JobException("interrupted while waiting for executors", e);
            }
            slots = count(sc.sc());
        }
        if (slots < asked.orElse(1)) {
            throw new JobException("the cluster has " + slots + " slots for tasks of "
                    + sc.getConf().get("spark.task.cpus", "1") + " cores after " + patience.toSeconds() + " s, "
                    + asked.orElse(1) + " replicas are asked for: set --replicas lower, or give the job more executors "
                    + "(--num-executors, or --total-executor-cores on a standalone cluster)");
        }
        return asked.orElse(slots);
    }

    /** What Spark itself compares a barrier stage with. */
    private static int count(SparkContext sc) {
        return sc.maxNumConcurrentTasks(sc.resourceProfileManager().defaultResourceProfile());
    }
}
