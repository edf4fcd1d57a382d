package io.densespark.spark.train;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes files while training goes on, in the order given, on a thread of its own. At most one write is under way: whoever
 * gives another waits for it, so that what is to be written is held in memory once.
 */
public final class BackgroundWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BackgroundWriter.class);
    private static final long SECONDS_TO_END = 20;

    /** What is to be written, and where. */
    @FunctionalInterface
    interface Write {
        void run() throws IOException;
    }

    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "densespark-writer");
        made.setDaemon(true);
        return made;
    });

    private final StorageRetry retry;
    private Optional<Future<?>> last = Optional.empty();

    /** Of the writer's thread: whether the last write that a run can do without failed. */
    private boolean hasFailed;

    /** A writer with its thread. */
    public BackgroundWriter() {
        this(StorageRetry.USUAL);
    }

    /** @param retry of writes without which the run can't go on */
    BackgroundWriter(StorageRetry retry) {
        this.retry = retry;
    }

    /**
     * Writes, in the background, what the run can't do without: it is tried again for a while.
     *
     * @param name what it is, for people
     * @throws IOException of a write before this one, or if the thread is interrupted while it waits for it
     */
    void submit(String name, Write write) throws IOException {
        submit(() -> retry.call("write " + name, () -> {
            write.run();
            return true;
        }));
    }

    private void submit(Write write) throws IOException {
        await();
        last = Optional.of(thread.submit(() -> {
            write.run();
            return null;
        }));
    }

    /**
     * As {@link #submit(String, Write)}, but what the run can do without: the first failure of several in a row goes to the log.
     *
     * @param name what it is, for people
     */
    void submitOptional(String name, Write write) throws IOException {
        submit(() -> {
            try {
                write.run();
                hasFailed = false;
            } catch (IOException e) {
                if (!hasFailed) {
                    LOG.warn(
                            "can't write {}; training goes on, and the next one is tried: {}", name, e.getMessage(), e);
                }
                hasFailed = true;
            }
        });
    }

    /**
     * Waits until all is written.
     *
     * @throws IOException of a write, which is thrown once, or if the thread is interrupted
     */
    public void await() throws IOException {
        Optional<Future<?>> waiting = last;
        last = Optional.empty();
        if (waiting.isEmpty()) {
            return;
        }
        try {
            waiting.get().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a file was being written");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Lets a write that is under way end: where training was cut off, it is what the run goes on from. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(SECONDS_TO_END, TimeUnit.SECONDS)) {
                LOG.warn("a file was still being written after {} s: it is left behind", SECONDS_TO_END);
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
