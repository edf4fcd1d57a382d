package io.densespark.model.replica;

import io.densespark.model.kernels.Backend;
import io.densespark.model.tensor.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.function.IntConsumer;

/** The threads of a replica. Each call of {@link #run} is one parallel region: it returns when all workers are through. */
final class Workers implements AutoCloseable {
    private final ExecutorService threads;
    /** A GPU's one worker only starts passes: to hand them to another thread would take longer. */
    private final boolean isInline;

    Workers(int workers, Backend backend) {
        isInline = backend.device().kind() == Device.Kind.CUDA;
        ThreadFactory factory = task -> {
            Thread thread = new Thread(
                    () -> {
                        backend.enterThread();
                        task.run();
                    },
                    "densespark-worker");
            thread.setDaemon(true);
            return thread;
        };
        threads = Executors.newFixedThreadPool(workers, factory);
    }

    /**
     * Runs {@code body} once for each worker number below {@code count}, at the same time. If one fails, its error is
     * thrown after all have ended.
     */
    void run(int count, IntConsumer body) {
        if (isInline) {
            body.accept(0);
            return;
        }
        List<Future<?>> running = new ArrayList<>(count);
        for (int worker = 0; worker < count; worker++) {
            int number = worker;
            running.add(threads.submit(() -> body.accept(number)));
        }
        Throwable failure = null;
        boolean interrupted = false;
        for (Future<?> future : running) {
            // The workers use this replica's memory: even an interrupted caller must not leave before they are done.
            while (true) {
                try {
                    future.get();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    failure = failure == null ? e.getCause() : failure;
                    break;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
