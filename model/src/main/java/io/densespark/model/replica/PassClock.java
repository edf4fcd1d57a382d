package io.densespark.model.replica;

import java.util.Arrays;

/**
 * Takes the time of a training pass. The replica's thread starts and stops it; in between each worker adds to a sum of its
 * own, which the end of its parallel region makes visible.
 */
final class PassClock {
    /** Elements from one worker's sum to the next one's, so that no two share a cache line. */
    private static final int STRIDE = 8;

    private final long[] recomputeNanos;
    private long start;
    private long forwardEnd;

    PassClock(int workers) {
        recomputeNanos = new long[workers * STRIDE];
    }

    void start() {
        Arrays.fill(recomputeNanos, 0);
        start = System.nanoTime();
    }

    void forwardEnded() {
        forwardEnd = System.nanoTime();
    }

    /** Runs {@code body} on worker {@code worker}'s thread, and counts its time as recomputation. */
    void recompute(int worker, Runnable body) {
        long before = System.nanoTime();
        body.run();
        recomputeNanos[worker * STRIDE] += System.nanoTime() - before;
    }

    /** @param busy workers that have images */
    PassTimes stop(int busy) {
        double recompute = Arrays.stream(recomputeNanos).sum() / (double) busy;
        double backward = System.nanoTime() - forwardEnd - recompute;
        return new PassTimes((forwardEnd - start) / 1e9, recompute / 1e9, backward / 1e9);
    }
}
