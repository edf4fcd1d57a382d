package io.densespark.data.batch;

import io.densespark.data.DataException;
import io.densespark.data.ImageShape;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;

/**
 * Makes one rank's batches of one epoch on a thread of its own, some ahead of the caller.
 *
 * <p>Batches come in order, one for each global batch, also where this rank's slice is empty. All calls are the caller's
 * thread's; it must {@link #close} the loader. A batch is the caller's until its next call to {@link #next} or
 * {@link #close}; then its buffers are filled anew.
 */
public final class BatchLoader implements AutoCloseable {
    /** Fills a buffer with a global batch's slice. */
    @FunctionalInterface
    interface Filler extends AutoCloseable {
        /** Fills it, or sees to it that others do: whoever takes it waits until it is whole. */
        void fill(int batch, ImageBatch into) throws InterruptedException;

        /** Stops what threads it has. */
        @Override
        default void close() {}
    }

    private final int batches;
    /** Filled buffers, then {@link #end}: it has room for all of them, so the thread never waits to put one. */
    private final BlockingQueue<ImageBatch> ready;
    /** Buffers to fill: the thread waits here when it is far enough ahead. */
    private final BlockingQueue<ImageBatch> free;

    private final ImageBatch end;
    private final Filler filler;
    private final Thread thread;
    private volatile Optional<Throwable> failure = Optional.empty();
    private Optional<ImageBatch> lent = Optional.empty();
    private boolean finished;
    private boolean closed;
    private long waitNanos;

    /**
     * Starts to make batches.
     *
     * @param images the images
     * @param share which of them this rank takes in this epoch
     * @param transform augmentation and normalization of this epoch
     * @param prefetch batches to be ready ahead of the caller, at least 1; one more is with the caller
     * @throws DataException if {@code prefetch} is below 1, or a batch would have 2^31 values or more
     */
    public BatchLoader(ImageSet images, EpochShare share, ImageTransform transform, int prefetch) {
        this(images.shape(), transform, share, prefetch, () -> filler(images, share));
    }

    /** @param fillers makes the filler, which is closed with the loader, once all else is known to be right */
    BatchLoader(ImageShape shape, ImageTransform transform, EpochShare share, int prefetch, Supplier<Filler> fillers) {
        int capacity = share.maxCount();
        requireSizes(shape, capacity, prefetch);
        batches = share.batches();
        int buffers = prefetch + 1;
        ready = new ArrayBlockingQueue<>(buffers + 1);
        free = new ArrayBlockingQueue<>(buffers);
        end = new ImageBatch(shape, transform, 0);
        for (int i = 0; i < Math.min(buffers, batches); i++) {
            free.add(new ImageBatch(shape, transform, capacity));
        }
        filler = fillers.get();
        thread = new Thread(this::fillAll, "densespark-batch-loader");
        thread.setDaemon(true);
        thread.start();
    }

    private static void requireSizes(ImageShape shape, int capacity, int prefetch) {
        if (prefetch < 1) {
            throw new DataException(
                    "prefetch " + prefetch + " is below 1: give the number of batches to be ready ahead");
        }
        if ((long) capacity * shape.values() > Integer.MAX_VALUE - 8) {
            throw new DataException("batch of " + capacity + " images of " + shape
                    + " per rank has more values than an array can: give a smaller batch");
        }
    }

    private static Filler filler(ImageSet images, EpochShare share) {
        return (batch, into) -> {
            int count = share.count(batch);
            into.start(share.globalCount(batch));
            for (int i = 0; i < count; i++) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                into.add(images, share.image(batch, i));
            }
        };
    }

    private void fillAll() {
        try {
            for (int batch = 0; batch < batches; batch++) {
                ImageBatch buffer = free.take();
                filler.fill(batch, buffer);
                ready.add(buffer);
            }
        } catch (InterruptedException e) {
            // Closed: nobody takes batches any more.
        } catch (Throwable e) {
            failure = Optional.of(e);
        }
        ready.add(end);
    }

    /** Number of global batches in the epoch. */
    public int batches() {
        return batches;
    }

    /**
     * The next batch, or empty after the last. Waits until it is made.
     *
     * @throws InterruptedException if this thread was interrupted while it waited
     * @throws RuntimeException or an error: what the loader's own thread met, after the batches made before it
     * @throws IllegalStateException if the loader is closed
     */
    public Optional<ImageBatch> next() throws InterruptedException {
        if (closed) {
            throw new IllegalStateException("this batch loader is closed");
        }
        lent.ifPresent(free::add);
        lent = Optional.empty();
        if (!finished) {
            ImageBatch batch = take();
            Optional<Throwable> trouble = batch.await();
            if (batch != end && trouble.isEmpty()) {
                lent = Optional.of(batch);
                return lent;
            }
            finished = true;
            failure = trouble.or(() -> failure);
        }
        rethrowFailure();
        return Optional.empty();
    }

    private ImageBatch take() throws InterruptedException {
        ImageBatch batch = ready.poll();
        if (batch != null && batch.isWhole()) {
            return batch;
        }
        long start = System.nanoTime();
        try {
            ImageBatch next = batch != null ? batch : ready.take();
            // What went wrong is asked for once more.
            next.await();
            return next;
        } finally {
            waitNanos += System.nanoTime() - start;
        }
    }

    private void rethrowFailure() {
        if (failure.isPresent() && failure.get() instanceof Error error) {
            throw error;
        }
        if (failure.isPresent() && failure.get() instanceof RuntimeException exception) {
            throw exception;
        }
    }

    /** Time that calls to {@link #next} have waited for a batch so far, in nanoseconds. */
    public long waitNanos() {
        return waitNanos;
    }

    /** Stops the thread, and waits until it has stopped. Does nothing the second time. */
    @Override
    public void close() {
        closed = true;
        lent = Optional.empty();
        thread.interrupt();
        Threads.join(thread);
        filler.close();
    }
}
