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

    /** A process that was told to end stays so long at most: by force it is ended half a minute later at the soonest. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** After the work's end, so that what it has said last arrives. */
    private static final Duration AFTERWARDS = Duration.ofSeconds(1);

    private static final Duration BEYOND_LIMIT = Duration.ofSeconds(5);

    /** When this process was told to end: several that hold it do so together, not one after the other. */
    private static final AtomicLong TOLD = new AtomicLong();

    private static final Logger LOG = LoggerFactory.getLogger(Termination.class);

    private final BooleanSupplier onSignal;
    private final Runnable hook = this::hold;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean isAsked;

    private Termination(BooleanSupplier onSignal) {
        this.onSignal = onSignal;
    }

    /**
     * Holds the process from now on until this is closed.
     *
     * @param onSignal asked by the hook's thread when the process is told to end; false if there is nothing to wait for
     */
    public static Termination hold(BooleanSupplier onSignal) {
        Termination termination = new Termination(onSignal);
        try {
            long most = LIMIT.plus(AFTERWARDS).plus(BEYOND_LIMIT).toMillis();
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
            long left = LIMIT.toNanos() - (System.nanoTime() - TOLD.get());
            if (ended.await(left, TimeUnit.NANOSECONDS)) {
                Thread.sleep(AFTERWARDS.toMillis());
            } else {
                LOG.warn("the work of this process hasn't ended within {} s: it is cut off", LIMIT.toSeconds());
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
