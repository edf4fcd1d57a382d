package io.densespark.spark.resources;

import io.densespark.spark.JobException;
import java.time.Duration;
import java.util.OptionalInt;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;

/** How many tasks the cluster can run at once: a barrier stage with more would wait for ever. */
public final class ClusterSlots {
    private static final Duration POLL = Duration.ofMillis(200);

    /** Containers may have to wait for a queue, images to be pulled, a lost executor's replacement to start. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** A standalone master starts all executors at once: when no other has come for so long, none will. */
    private static final Duration QUIET = Duration.ofSeconds(8);

    private ClusterSlots() {}

    /**
     * Waits until the cluster has as many slots as are asked for. If that is left open: as many as the settings ask for,
     * or else until no more come; any number will do then.
     *
     * @return how many replicas to run
     * @throws JobException if the slots are not there in time
     */
    public static int await(JavaSparkContext sc, OptionalInt asked) {
        String master = sc.master();
        boolean isStandalone = master.startsWith("spark://") || master.startsWith("local-cluster");
        int wanted = asked.orElse(ClusterCheck.mostSlots(sc.getConf()).orElse(Integer.MAX_VALUE));
        return await(sc, asked.orElse(1), wanted, isStandalone ? QUIET : LIMIT);
    }

    /**
     * Waits until lost executors have been replaced.
     *
     * @throws JobException if there are fewer slots than {@code replicas} in the end
     */
    public static void awaitReplacements(JavaSparkContext sc, int replicas) {
        await(sc, replicas, replicas, LIMIT);
    }

    /** As many slots as there are, up to {@code wanted}; waits for the first one only. */
    public static int upTo(JavaSparkContext sc, int wanted) {
        await(sc, 1, 1, LIMIT);
        return Math.max(1, Math.min(wanted, count(sc.sc())));
    }

    private static int await(JavaSparkContext sc, int least, int wanted, Duration quiet) {
        long begin = System.nanoTime();
        long changed = begin;
        int slots = count(sc.sc());
        // A local master's slots are there from the beginning, or never.
        while (!sc.isLocal() && slots < wanted && System.nanoTime() - begin < LIMIT.toNanos()) {
            if (slots > 0 && System.nanoTime() - changed > quiet.toNanos()) {
                break;
            }
            requireRunning(sc);
            pause();
            int now = count(sc.sc());
            if (now != slots) {
                slots = now;
                changed = System.nanoTime();
            }
        }
        if (slots < least) {
            throw tooFew(sc.getConf(), slots, least, Duration.ofNanos(System.nanoTime() - begin));
        }
        return Math.min(slots, wanted);
    }

    /** A master that can't be reached ends the context, not who waits for its executors. */
    private static void requireRunning(JavaSparkContext sc) {
        if (sc.sc().isStopped()) {
            throw new JobException("Spark has stopped while the job waited for executors");
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobException("interrupted while waiting for executors", e);
        }
    }

    private static JobException tooFew(SparkConf conf, int slots, int least, Duration waited) {
        String gpus = conf.getDouble("spark.task.resource.gpu.amount", 0) > 0 ? " and a GPU" : "";
        return new JobException("the cluster has " + slots + " slots for tasks of " + conf.get("spark.task.cpus", "1")
                + " cores" + gpus + " after " + waited.toSeconds() + " s, " + least
                + " replicas are asked for: " + (slots > 0 ? "set --replicas lower, or " : "")
                + "give the job more executors (--num-executors, or --total-executor-cores on a standalone cluster)"
                + (gpus.isEmpty() ? "" : ", on workers that have GPUs to give (spark.worker.resource.gpu.amount)"));
    }

    /** What Spark itself compares a barrier stage with. */
    private static int count(SparkContext sc) {
        return sc.maxNumConcurrentTasks(sc.resourceProfileManager().defaultResourceProfile());
    }
}
