package io.densespark.model.collective;

import io.densespark.model.tensor.Vector;

/**
 * The ranks of one training job. Every rank makes the same calls in the same order; a call returns when all ranks have
 * made it, but for {@link #begin}. Not thread-safe.
 */
public interface ProcessGroup extends AutoCloseable {
    /** This replica's place, from 0 to {@link #worldSize()} - 1. */
    int rank();

    /** Number of replicas. */
    int worldSize();

    /**
     * Replaces {@code vector} by its sum over all ranks. All ranks get the same bits.
     *
     * @throws PeerLostException if a rank is gone, doesn't answer in time, or this task was asked to stop
     */
    void sum(Vector vector);

    /**
     * Begins to replace {@code vector} by its sum over all ranks, on the device if the group can, so that the passes
     * that are started meanwhile run beside it. Nobody may touch the vector before
     * {@link Pending#await()}, but for passes that were {@linkplain Pending#holdBackPasses held back}.
     *
     * @throws PeerLostException as {@link #sum(Vector)}
     */
    default Pending begin(Vector vector) {
        sum(vector);
        return () -> {};
    }

    /** Whether sums that were {@linkplain #begin begun} run beside the passes that are started meanwhile. */
    default boolean sumsBesidePasses() {
        return false;
    }

    /** A sum that was begun. Each one is awaited, once, before the group is closed. */
    @FunctionalInterface
    interface Pending {
        /**
         * Lets passes that are started from now on come after the sum, without Java waiting for it: they may touch the vector.
         * Should a rank be lost, they run on values that mean nothing.
         */
        default void holdBackPasses() {}

        /**
         * Returns when the vector holds its sum.
         *
         * @throws PeerLostException as {@link ProcessGroup#sum(Vector)}
         */
        void await();
    }

    /**
     * The sum of {@code values} over all ranks, which all pass the same number of values.
     *
     * @throws PeerLostException as {@link #sum(Vector)}
     */
    double[] sum(double[] values);

    /** Leaves the group; ranks that still wait for this one get a {@link PeerLostException}. */
    @Override
    void close();
}
