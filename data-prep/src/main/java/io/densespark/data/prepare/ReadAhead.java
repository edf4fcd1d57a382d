package io.densespark.data.prepare;

import io.densespark.data.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/**
 * Images in their order, read by threads some ahead of the one who decodes them: object stores answer late, and a task has one
 * core to decode with. The threads are made here, so that they have the user's credentials.
 */
final class ReadAhead implements AutoCloseable {
    private static final int THREADS = 4;
    private static final int AHEAD = 2 * THREADS;

    private final Configuration conf;
    private final Iterator<Tuple2<OrderKey, byte[]>> records;
    private final ExecutorService threads;
    private final Deque<Future<Loaded>> loading = new ArrayDeque<>();

    ReadAhead(Configuration conf, Iterator<Tuple2<OrderKey, byte[]>> records) {
        this.conf = conf;
        this.records = records;
        threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "densespark-image-reader");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * An image with its bytes, or why there are none.
     *
     * @param name what people call it
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Loaded(OrderKey key, String name, PlacedImage placed, byte @Nullable [] encoded, String problem) {
        /** Its bytes, for who has decoded them. */
        byte[] requireEncoded() {
            return Objects.requireNonNull(encoded);
        }
    }

    /**
     * The next image.
     *
     * @throws DataException if a file system fails
     * @throws InterruptedException if this thread was interrupted
     */
    Optional<Loaded> next() throws InterruptedException {
        while (loading.size() < AHEAD && records.hasNext()) {
            Tuple2<OrderKey, byte[]> record = records.next();
            loading.add(threads.submit(() -> load(record._1(), PlacedImage.of(record._2()))));
        }
        if (loading.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(loading.remove().get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException error) {
                throw error;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new UncheckedIOException(new IOException(e.getCause()));
        }
    }

    private Loaded load(OrderKey key, PlacedImage placed) {
        String name = placed.path().orElse(key.name());
        if (placed.path().isEmpty()) {
            return new Loaded(key, name, placed, placed.image(), "it has no bytes");
        }
        try {
            return new Loaded(
                    key, name, placed, ImageFile.read(conf, placed.path().get()), "");
        } catch (ImageFile.UnreadableException e) {
            return new Loaded(key, name, placed, null, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
