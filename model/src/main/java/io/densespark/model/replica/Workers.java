package io.densespark.model.replica;

import io.densespark.model.kernels.Backend;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a replica, the caller's own among them: it is worker 0. Each call of {@link #run} is one parallel region: it
 * returns when all workers are through. A step is made of hundreds of them, so those that wait look for a while, since the next
 * region is never far, before they go to sleep.
 *
 * <p>For one caller at a time.
 */
final class Workers implements AutoCloseable {
    /** Some 50 µs, about what it takes to put a thread to sleep and to wake it. */
    private static final int LOOKS = 1000;

    private final Backend backend;
    private final Helper[] helpers;
    private final AtomicInteger atWork = new AtomicInteger();
    /** Number of the region that is run, or was last. */
    private volatile int region;

    private volatile boolean isClosed;
    private volatile @Nullable Thread asleep;
    private @Nullable Thread entered;

    /** The caller's account of {@link #region}. */
    private int regions;

    /** Of the region that is run. */
    private IntConsumer body = worker -> {};

    private int count;

    /** Of one region, in the order of the workers. */
    private final @Nullable Throwable[] failures;

    /** The thread of a worker other than the caller's. */
    private final class Helper implements Runnable {
        private final int worker;
        private final Thread thread;
        private volatile boolean isAsleep;

        Helper(int worker) {
            this.worker = worker;
            thread = new Thread(this, "densespark-worker");
            thread.setDaemon(true);
        }

        @Override
        public void run() {
            backend.enterThread();
            int seen = 0;
            while (await(seen)) {
                seen++;
                work(worker);
                if (atWork.decrementAndGet() == 0) {
                    LockSupport.unpark(asleep);
                }
            }
        }

        /** @return whether there is another region; there is none when the workers were closed */
        private boolean await(int seen) {
            for (int look = 0; look < LOOKS; look++) {
                if (region != seen) {
                    return !isClosed;
                }
                Thread.onSpinWait();
            }
            isAsleep = true;
            while (region == seen) {
                LockSupport.park(this);
            }
            isAsleep = false;
            return !isClosed;
        }

        void wake() {
            if (isAsleep) {
                LockSupport.unpark(thread);
            }
        }
    }

    Workers(int workers, Backend backend) {
        this.backend = backend;
        failures = new @Nullable Throwable[workers];
        helpers = new Helper[workers - 1];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = new Helper(i + 1);
            helpers[i].thread.start();
        }
    }

    /**
     * Runs {@code body} once for each worker number below {@code count}, at the same time, the caller's part in its own thread. If
     * one fails, its error is thrown after all have ended.
     */
    void run(int workers, IntConsumer part) {
        enter();
        body = part;
        count = workers;
        if (workers > 1) {
            atWork.set(helpers.length);
            begin();
            work(0);
            awaitEnd();
        } else {
            work(0);
        }
        throwFirst();
    }

    private void enter() {
        Thread caller = Thread.currentThread();
        if (entered != caller) {
            backend.enterThread();
            entered = caller;
        }
    }

    private void begin() {
        regions++;
        region = regions;
        for (Helper helper : helpers) {
            helper.wake();
        }
    }

    private void work(int worker) {
        if (worker >= count) {
            return;
        }
        try {
            body.accept(worker);
        } catch (RuntimeException | Error e) {
            failures[worker] = e;
        }
    }

    /** The workers use this replica's memory: even an interrupted caller must not leave before they are done. */
    private void awaitEnd() {
        for (int look = 0; look < LOOKS; look++) {
            if (atWork.get() == 0) {
                return;
            }
            Thread.onSpinWait();
        }
        asleep = Thread.currentThread();
        boolean interrupted = false;
        while (atWork.get() > 0) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        asleep = null;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void throwFirst() {
        Throwable first = null;
        for (int worker = 0; worker < failures.length; worker++) {
            Throwable failure = failures[worker];
            failures[worker] = null;
            first = first == null ? failure : first;
        }
        if (first instanceof RuntimeException e) {
            throw e;
        }
        if (first instanceof Error e) {
            throw e;
        }
    }

    /** Ends the threads. They are idle: a region ends with its last worker. */
    @Override
    public void close() {
        isClosed = true;
        begin();
    }
}
