package io.densespark.data.batch;

import io.densespark.data.DatasetDescription;
import io.densespark.data.Shard;
import io.densespark.data.shard.DecodedShard;
import io.densespark.data.shard.ShardReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Reads shards on a few threads made for it. Not on the common pool: its threads don't have the user's credentials,
 * which a new thread takes over from the one that makes it.
 */
final class ShardLoading {
    private static final int MAX_THREADS = 4;

    private ShardLoading() {}

    static List<DecodedShard> load(DatasetDescription description, Path folder, Configuration conf, List<Shard> shards)
            throws InterruptedException {
        ShardReader reader = new ShardReader(conf, folder, description);
        int threads = Math.min(
                shards.size(), Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors()));
        AtomicInteger number = new AtomicInteger();
        ExecutorService executor = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "densespark-shard-reader-" + number.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<DecodedShard>> futures = new ArrayList<>();
            for (Shard shard : shards) {
                futures.add(executor.submit(() -> reader.read(shard)));
            }
            List<DecodedShard> decoded = new ArrayList<>();
            for (Future<DecodedShard> future : futures) {
                decoded.add(get(future));
            }
            return decoded;
        } finally {
            // After an error or an interruption: what is still being read is of no use.
            executor.shutdownNow();
        }
    }

    private static DecodedShard get(Future<DecodedShard> future) throws InterruptedException {
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
