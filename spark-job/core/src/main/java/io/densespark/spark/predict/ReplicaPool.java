package io.densespark.spark.predict;

import io.densespark.model.replica.Inference;
import io.densespark.model.tensor.Device;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * The replicas of a process, one for each model and device. They are shared by all tasks that use the model at the same time,
 * and stay for a while when the last of these has ended.
 */
final class ReplicaPool {
    /** That of this executor. */
    static final ReplicaPool OF_THIS_PROCESS = new ReplicaPool(Duration.ofSeconds(60));

    private final Map<Key, Entry> open = new HashMap<>();
    private final Duration keep;

    /** @param keep how long a replica stays that no task holds */
    ReplicaPool(Duration keep) {
        this.keep = keep;
    }

    /**
     * What tells replicas apart.
     *
     * @param sha256 of the model
     * @param batch images at a time
     */
    record Key(String sha256, Device device, int batch) {}

    /** A task's hold on a replica. To close it twice is to close it once. */
    interface Lease extends AutoCloseable {
        /** As {@link ReplicaThread#submit}. */
        CompletableFuture<Inference> submit(byte[] pixels, int images);

        @Override
        void close();
    }

    /**
     * Takes hold of a replica, which is made if there is none. If it can't be made, the answers say why.
     *
     * @param opener makes it, on the replica's own thread
     */
    synchronized Lease acquire(Key key, Engine.Opener opener) {
        Entry entry = open.get(key);
        if (entry == null) {
            entry = new Entry(key, opener);
            open.put(key, entry);
            entry.thread.start();
        }
        entry.users++;
        return new Held(entry);
    }

    /** How many replicas there are. */
    synchronized int size() {
        return open.size();
    }

    /** A replica and its users; all of it is guarded by the pool. */
    private final class Entry implements ReplicaThread.Owner {
        private final Key key;
        private final ReplicaThread thread;
        private int users;
        private long unusedSince;

        Entry(Key key, Engine.Opener opener) {
            this.key = key;
            thread = new ReplicaThread(opener, key.batch(), this);
        }

        @Override
        public OptionalLong nanosLeft() {
            synchronized (ReplicaPool.this) {
                return users > 0
                        ? OptionalLong.empty()
                        : OptionalLong.of(keep.toNanos() - (System.nanoTime() - unusedSince));
            }
        }

        @Override
        public boolean letsEnd() {
            synchronized (ReplicaPool.this) {
                OptionalLong left = nanosLeft();
                return left.isPresent() && left.getAsLong() <= 0 && open.remove(key, this);
            }
        }

        @Override
        public void failed() {
            synchronized (ReplicaPool.this) {
                open.remove(key, this);
            }
        }

        void release() {
            synchronized (ReplicaPool.this) {
                if (--users == 0) {
                    unusedSince = System.nanoTime();
                    thread.wake();
                }
            }
        }
    }

    private static final class Held implements Lease {
        private final Entry entry;
        private boolean isClosed;

        Held(Entry entry) {
            this.entry = entry;
        }

        @Override
        public CompletableFuture<Inference> submit(byte[] pixels, int images) {
            return entry.thread.submit(pixels, images);
        }

        @Override
        public synchronized void close() {
            if (!isClosed) {
                isClosed = true;
                entry.release();
            }
        }
    }
}
