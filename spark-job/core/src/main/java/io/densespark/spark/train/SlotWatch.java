package io.densespark.spark.train;

import io.densespark.spark.resources.ClusterSlots;
import java.time.Duration;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares, while an attempt runs, its replicas with the cluster's slots. Where more have come than it has replicas, or an
 * executor is about to leave (Spark counts none that is being decommissioned), the attempt is asked to stop after a
 * checkpoint. One that stays without its slots, so that Spark would never start it, is cancelled.
 */
final class SlotWatch implements AutoCloseable {
    private static final Duration POLL = Duration.ofSeconds(1);

    /** Executors come one by one. */
    private static final Duration QUIET = Duration.ofSeconds(8);

    /** For an attempt that was asked to stop. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(SlotWatch.class);

    private final JavaSparkContext sc;
    private final int replicas;
    private final ReplicaCount count;
    private final Runnable askToStop;
    private final Runnable cancel;
    private final Thread thread = new Thread(this::watch, "densespark-slots");
    private boolean isAsked;

    private SlotWatch(JavaSparkContext sc, int replicas, ReplicaCount count, Runnable askToStop, Runnable cancel) {
        this.sc = sc;
        this.replicas = replicas;
        this.count = count;
        this.askToStop = askToStop;
        this.cancel = cancel;
        thread.setDaemon(true);
    }

    /** Watches until it is closed; a local master's slots never change. */
    static SlotWatch of(JavaSparkContext sc, int replicas, ReplicaCount count, Runnable askToStop, Runnable cancel) {
        SlotWatch watch = new SlotWatch(sc, replicas, count, askToStop, cancel);
        if (!sc.isLocal()) {
            watch.thread.start();
        }
        return watch;
    }

    private void watch() {
        int slots = replicas;
        long changed = System.nanoTime();
        try {
            while (!sc.sc().isStopped()) {
                Thread.sleep(POLL.toMillis());
                int now = Math.min(ClusterSlots.now(sc), count.wanted());
                if (now != slots) {
                    slots = now;
                    changed = System.nanoTime();
                }
                if (isToEnd(slots, Duration.ofNanos(System.nanoTime() - changed))) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("the attempt has ended", e);
        } catch (RuntimeException e) {
            LOG.warn("the cluster's slots aren't watched any longer", e);
        }
    }

    /** @return whether all is done that can be */
    private boolean isToEnd(int slots, Duration since) {
        boolean isMore = slots > replicas && (slots == count.wanted() || since.compareTo(QUIET) >= 0);
        boolean isLess = slots < replicas && since.compareTo(POLL) >= 0;
        if ((isMore || isLess) && !isAsked) {
            isAsked = true;
            LOG.info("{} slots for {} replicas: they are asked to stop after a checkpoint", slots, replicas);
            askToStop.run();
        }
        if (isLess && since.compareTo(count.patience().plus(GRACE)) >= 0) {
            LOG.warn("{} slots for {} replicas for {} s: the attempt is cancelled", slots, replicas, since.toSeconds());
            cancel.run();
            return true;
        }
        return false;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
