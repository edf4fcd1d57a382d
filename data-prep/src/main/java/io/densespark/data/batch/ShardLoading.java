package io.densespark.data.batch;

import io.densespark.data.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Reads shards on a few threads made for it. Not on the common pool: its threads don't have the user's credentials,
 * which a new thread takes over from the one that makes it.
 */
final class ShardLoading {
    private static final int MAX_THREADS = 4;

    private ShardLoading() {}

    /** What {@code read} makes of each shard, in their order. */
    static <T> List<T> load(List<Shard> shards, Function<Shard, T> read) throws InterruptedException {
        int threads = Math.min(
                shards.size(), Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors()));
        AtomicInteger number = new AtomicInteger();
        ExecutorService executor = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "densespark-shard-reader-" + number.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<T>> futures = new ArrayList<>();
            for (Shard shard : shards) {
                futures.add(executor.submit(() -> read.apply(shard)));
            }
            List<T> found = new ArrayList<>();
            for (Future<T> future : futures) {
                found.add(get(future));
            }
            return found;
        } finally {
            // After an error or an interruption: what is still being read is of no use.
            executor.shutdownNow();
        }
    }

    private static <T> T get(Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            // The reader throws no checked exceptions.
            throw (RuntimeException) e.getCause();
        }
    }
}
