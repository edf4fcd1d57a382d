package io.densespark.spark.rank;

import io.densespark.data.batch.LoadedSplits;
import io.densespark.spark.platform.AvailableMemory;
import io.densespark.spark.platform.ProcessMemory;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the ranks of one stage share in one executor: decoded images, and what memory there was before the first of them
 * made its replica. It lives from the first rank's start to the last one's end. A rank of an earlier run of the stage that
 * hasn't noticed its end yet shares it, so that images are never held twice.
 */
final class ExecutorShare implements AutoCloseable {
    /** The rest of the heap is for batches, Spark and Hadoop. */
    private static final double SHARE_OF_HEAP = 0.6;

    /** Those in use, by stage. */
    private static final Map<String, ExecutorShare> OPEN = new HashMap<>();

    private final String stage;
    private final LoadedSplits images = new LoadedSplits(heapForImages());
    private int users;
    private Optional<Before> before = Optional.empty();

    private ExecutorShare(String stage) {
        this.stage = stage;
    }

    /**
     * What there was before the first replica.
     *
     * @param available to this process
     * @param residentBytes of this process
     */
    record Before(AvailableMemory available, long residentBytes) {}

    /** The share of that stage in this process; every caller closes it once. */
    static ExecutorShare open(String stage) {
        synchronized (OPEN) {
            ExecutorShare share = OPEN.computeIfAbsent(stage, ExecutorShare::new);
            share.users++;
            return share;
        }
    }

    /** Bytes of heap that decoded images may take in this process. */
    static long heapForImages() {
        return (long) (SHARE_OF_HEAP * Runtime.getRuntime().maxMemory());
    }

    LoadedSplits images() {
        return images;
    }

    /** Measured when the first rank asks; the process' peak begins then. */
    synchronized Before beforeReplicas() {
        if (before.isEmpty()) {
            ProcessMemory.forgetPeak();
            before = Optional.of(new Before(AvailableMemory.now(), ProcessMemory.residentBytes()));
        }
        return before.get();
    }

    @Override
    public void close() {
        synchronized (OPEN) {
            if (--users == 0) {
                OPEN.remove(stage);
                images.close();
            }
        }
    }
}
