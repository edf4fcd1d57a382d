package io.densespark.spark.rank;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/**
 * Hears whose fault it was that tasks lost their executors: that of what ran there, or the cluster's, which preempted or
 * decommissioned them. Spark knows only some time after the ranks that are left have noticed.
 */
public final class ExecutorLosses extends SparkListener implements AutoCloseable {
    private final SparkContext sc;
    /** Tasks that crashed with their executors, by host. */
    private final Map<String, Integer> crashes = new TreeMap<>();

    private boolean hasCrashed;
    private boolean wasTaken;

    ExecutorLosses(SparkContext sc) {
        this.sc = sc;
    }

    /** Listens until it is closed. */
    public static ExecutorLosses of(SparkContext sc) {
        ExecutorLosses losses = new ExecutorLosses(sc);
        sc.addSparkListener(losses);
        return losses;
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd event) {
        if (event.reason() instanceof ExecutorLostFailure lost) {
            hear(lost.exitCausedByApp(), event.taskInfo().host());
        }
    }

    private synchronized void hear(boolean isOwnFault, String host) {
        if (isOwnFault) {
            crashes.merge(host, 1, Integer::sum);
        }
        hasCrashed |= isOwnFault;
        wasTaken |= !isOwnFault;
        notifyAll();
    }

    /**
     * Whether the cluster has taken executors away, and none has crashed, since this was asked last.
     *
     * @param limit how long to wait for Spark's word if there is none yet
     */
    public synchronized boolean wereTheClusters(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        boolean interrupted = false;
        while (!hasCrashed && !wasTaken && !interrupted && System.nanoTime() < end) {
            try {
                wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        boolean isClusters = wasTaken && !hasCrashed;
        hasCrashed = false;
        wasTaken = false;
        return isClusters;
    }

    /** The host on which executors crashed more than once, and more often than on all others together; empty if there is none. */
    public synchronized Optional<String> worstHost() {
        int all = crashes.values().stream().mapToInt(Integer::intValue).sum();
        return crashes.entrySet().stream()
                .filter(host -> host.getValue() > 1 && 2 * host.getValue() > all && crashes.size() > 1)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    @Override
    public void close() {
        sc.removeSparkListener(this);
    }
}
