package io.densespark.benchmark.cluster;

import io.densespark.data.batch.ImageSet;
import io.densespark.model.backend.DeviceReplica;
import io.densespark.model.kernels.Backend;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.replica.Replica;
import io.densespark.model.weights.HeInitializer;
import io.densespark.spark.rank.Rank;

/** What a rank of the benchmark has once it is set up: images, and a replica with its first weights. */
final class BenchmarkSession implements AutoCloseable {
    /** Of weights, images and augmentation. */
    static final long SEED = 1;

    final Backend backend;
    final ImageSet images;
    final Replica replica;
    private final DeviceReplica opened;

    private BenchmarkSession(DeviceReplica opened, ImageSet images) {
        this.opened = opened;
        this.backend = opened.backend();
        this.images = images;
        this.replica = opened.replica();
    }

    /**
     * Makes the images and the rank's replica.
     *
     * @throws io.densespark.spark.JobException if the replica doesn't fit the memory that there is
     */
    static BenchmarkSession open(ClusterBenchmarkSettings settings, Rank rank) {
        ImageSet images = SyntheticImages.of(settings.spec(), settings.imageSize(), SEED);
        DeviceReplica opened = DeviceReplica.open(rank.replica());
        try {
            HeInitializer.initialize(opened.replica(), SEED);
            return new BenchmarkSession(opened, images);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    long plannedBytes() {
        return MemoryPlan.of(replica.settings()).totalBytes();
    }

    /** Frees the replica, whose device stays. Does nothing the second time. */
    void closeReplica() {
        replica.close();
    }

    /** Closes replica and device; the images are the garbage collector's. */
    @Override
    public void close() {
        opened.close();
    }
}
