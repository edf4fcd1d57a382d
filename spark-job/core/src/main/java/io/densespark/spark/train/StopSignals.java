package io.densespark.spark.train;

import io.densespark.spark.platform.Termination;
import io.densespark.spark.rank.Rank;
import io.densespark.spark.store.StopRequest;
import java.io.IOException;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a rank is to see that training stops: its process was told to end, or, where it is rank 0, the driver asks for
 * it.
 */
final class StopSignals implements AutoCloseable {
    private static final long POLL_MILLIS = 1000;
    private static final Logger LOG = LoggerFactory.getLogger(StopSignals.class);

    private final StopRequest request;
    private final Termination termination;
    private final Thread thread = new Thread(this::poll, "densespark-stop-request");
    private volatile boolean isRequested;

    private StopSignals(Rank rank, StopRequest request) {
        this.request = request;
        termination = Termination.hold(() -> {
            LOG.info(
                    "the process of rank {} on {} was told to end: training stops after a checkpoint",
                    rank.place().rank(),
                    rank.place().host());
            return true;
        });
        thread.setDaemon(true);
    }

    /** Listens until it is closed. */
    static StopSignals of(RunPlan plan, Rank rank) {
        StopSignals signals = new StopSignals(rank, plan.stopRequest(rank.hadoop()));
        if (rank.place().rank() == 0) {
            signals.thread.start();
        }
        return signals;
    }

    boolean isAsked() {
        return isRequested || isToldToEnd();
    }

    /** Whether this process was told to end. */
    boolean isToldToEnd() {
        return termination.isAsked();
    }

    private void poll() {
        boolean hasFailed = false;
        try {
            while (!isRequested) {
                Thread.sleep(POLL_MILLIS);
                try {
                    isRequested = request.isMade();
                    hasFailed = false;
                } catch (IOException e) {
                    if (!hasFailed) {
                        LOG.warn("can't see whether the driver asks to stop; it is tried again: {}", e.getMessage());
                    }
                    hasFailed = true;
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("closed", e);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        TaskContext task = TaskContext.get();
        if (task == null) {
            termination.close();
        } else {
            // The driver is to have the result.
            task.addTaskCompletionListener((TaskCompletionListener) ended -> termination.close());
        }
    }
}
