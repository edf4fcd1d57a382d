package io.densespark.model.replica;

/**
 * Where a replica's images stand in a run; dropout depends on it, so that a run that goes on from a checkpoint, or has its
 * batches cut otherwise among replicas, drops the same elements.
 *
 * @param seed of the run
 * @param epoch from 0
 * @param firstImage place of the replica's first image in the order of the epoch
 */
public record BatchPosition(long seed, int epoch, int firstImage) {
    /** The first image of a run with seed 0. */
    public static final BatchPosition START = new BatchPosition(0, 0, 0);
}
