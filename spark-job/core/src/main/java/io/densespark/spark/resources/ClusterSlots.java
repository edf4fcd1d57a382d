package io.densespark.spark.resources;

import io.densespark.spark.JobException;
import java.time.Duration;
import java.util.OptionalInt;
import org.apache.spark.SparkConf;
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
     * @param least that will do; empty for as many as are asked for
     * @return how many replicas to run
     * @throws JobException if the slots are not there in time
     */
    public static int await(JavaSparkContext sc, OptionalInt least, OptionalInt asked) {
        String master = sc.master();
        boolean isStandalone = master.startsWith("spark://") || master.startsWith("local-cluster");
        int wanted = wanted(sc, asked).orElse(Integer.MAX_VALUE);
        return await(sc, least.orElse(asked.orElse(1)), 1, wanted, isStandalone ? QUIET : LIMIT, LIMIT);
    }

    /** As {@link #await(JavaSparkContext, OptionalInt, OptionalInt)}, and no fewer than are asked for will do. */
    public static int await(JavaSparkContext sc, OptionalInt asked) {
        return await(sc, asked, asked);
    }

    /** As many as are asked for, or as Spark's settings ask for; empty if they set no limit. */
    public static OptionalInt wanted(JavaSparkContext sc, OptionalInt asked) {
        return asked.isPresent() ? asked : ClusterCheck.mostSlots(sc.getConf());
    }

    /**
     * Waits until lost executors have been replaced; for the fewest that will do as long as at the beginning.
     *
     * @param limit how long to wait for more than {@code least}
     * @return how many slots there are, at most those that are wanted
     * @throws JobException if there are fewer than {@code least} in the end
     */
    public static int awaitReplacements(JavaSparkContext sc, int least, int wanted, Duration limit) {
        return await(sc, least, least, wanted, limit, limit);
    }

    /** Waits a while for an executor to leave that was told to. */
    public static void awaitFewer(JavaSparkContext sc, int slots, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (!sc.isLocal() && now(sc) >= slots && System.nanoTime() < end) {
            requireRunning(sc);
            pause();
        }
    }

    /** The slots that there are, free or not; what Spark itself compares a barrier stage with. */
    public static int now(JavaSparkContext sc) {
        return sc.sc().maxNumConcurrentTasks(sc.sc().resourceProfileManager().defaultResourceProfile());
    }

    /** As many slots as there are, up to {@code wanted}; waits for the first one only. */
    public static int upTo(JavaSparkContext sc, int wanted) {
        await(sc, 1, 1, 1, LIMIT, LIMIT);
        return Math.max(1, Math.min(wanted, now(sc)));
    }

    /** @param enough not to wait longer than {@code quiet} for a change */
    private static int await(JavaSparkContext sc, int least, int enough, int wanted, Duration quiet, Duration limit) {
        long longest = Math.max(limit.toNanos(), LIMIT.toNanos());
        long begin = System.nanoTime();
        long changed = begin;
        int slots = now(sc);
        // A local master's slots are there from the beginning, or never.
        while (!sc.isLocal()
                && slots < wanted
                && System.nanoTime() - begin < (slots < least ? longest : limit.toNanos())) {
            if (slots >= enough && System.nanoTime() - changed > quiet.toNanos()) {
                break;
            }
            requireRunning(sc);
            pause();
            int now = now(sc);
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
                + " replicas are asked for: " + (slots > 0 ? "set --replicas, or --min-replicas, lower, or " : "")
                + "give the job more executors (--num-executors, or --total-executor-cores on a standalone cluster)"
                + (gpus.isEmpty() ? "" : ", on workers that have GPUs to give (spark.worker.resource.gpu.amount)"));
    }
}
