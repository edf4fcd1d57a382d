package io.densespark.spark.platform;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.util.ShutdownHookManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a process that was told to end (SIGTERM, SIGINT) until the work in it has come to an orderly end, or a limit has
 * passed. Spark's own shutdown hooks, which end contexts and tasks, come after it.
 */
public final class Termination implements AutoCloseable {
    /** Spark's are at {@code FileSystem.SHUTDOWN_HOOK_PRIORITY + 30}, 40; the highest goes first. */
    private static final int BEFORE_SPARKS = 100;

    private static final Duration BEYOND_LIMIT = Duration.ofSeconds(5);

    /** When this process was told to end: several that hold it do so together, not one after the other. */
    private static final AtomicLong TOLD = new AtomicLong();

    private static final Logger LOG = LoggerFactory.getLogger(Termination.class);

    private final Duration limit;
    private final Duration afterwards;
    private final BooleanSupplier onSignal;
    private final Runnable hook = this::hold;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean isAsked;

    private Termination(Duration limit, Duration afterwards, BooleanSupplier onSignal) {
        this.limit = limit;
        this.afterwards = afterwards;
        this.onSignal = onSignal;
    }

    /**
     * Holds the process from now on until this is closed.
     *
     * @param limit how long at most, once it was told to end
     * @param afterwards how long the process stays after the work's end, so that what it has said last arrives
     * @param onSignal asked by the hook's thread when the process is told to end; false if there is nothing to wait for
     */
    public static Termination hold(Duration limit, Duration afterwards, BooleanSupplier onSignal) {
        Termination termination = new Termination(limit, afterwards, onSignal);
        try {
            long most = limit.plus(afterwards).plus(BEYOND_LIMIT).toMillis();
            ShutdownHookManager.get().addShutdownHook(termination.hook, BEFORE_SPARKS, most, TimeUnit.MILLISECONDS);
        } catch (IllegalStateException e) {
            LOG.debug("the process is about to end", e);
            termination.isAsked = true;
        }
        return termination;
    }

    /** Whether the process was told to end. */
    public boolean isAsked() {
        return isAsked;
    }

    private void hold() {
        isAsked = true;
        TOLD.compareAndSet(0, System.nanoTime());
        if (!onSignal.getAsBoolean()) {
            return;
        }
        try {
            long left = limit.toNanos() - (System.nanoTime() - TOLD.get());
            if (ended.await(left, TimeUnit.NANOSECONDS)) {
                Thread.sleep(afterwards.toMillis());
            } else {
                LOG.warn("the work of this process hasn't ended within {} s: it is cut off", limit.toSeconds());
            }
        } catch (InterruptedException e) {
            LOG.debug("not held any longer", e);
        }
    }

    /** The work has ended. */
    @Override
    public void close() {
        ended.countDown();
        if (!isAsked) {
            try {
                ShutdownHookManager.get().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                LOG.debug("the process ends already", e);
            }
        }
    }
}
