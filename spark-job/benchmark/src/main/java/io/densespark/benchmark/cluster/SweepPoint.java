package io.densespark.benchmark.cluster;

import java.io.Serializable;

/**
 * How long an all-reduce of one size takes.
 *
 * @param bytes of the message
 * @param seconds median of the slowest rank
 */
record SweepPoint(long bytes, double seconds) implements Serializable {
    /** Bytes of the message by the time, in bytes a second. */
    double algorithmBandwidth() {
        return bytes / seconds;
    }

    /**
     * What every rank must send and receive at least, 2(n - 1)/n of the message, by the time: comparable with the speed of a
     * link, whatever the number of ranks.
     */
    double busBandwidth(int worldSize) {
        return algorithmBandwidth() * 2 * (worldSize - 1) / worldSize;
    }
}
