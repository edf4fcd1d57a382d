package io.densespark.spark.rank;

import java.time.Duration;
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
            hear(lost.exitCausedByApp());
        }
    }

    private synchronized void hear(boolean isOwnFault) {
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

    @Override
    public void close() {
        sc.removeSparkListener(this);
    }
}
