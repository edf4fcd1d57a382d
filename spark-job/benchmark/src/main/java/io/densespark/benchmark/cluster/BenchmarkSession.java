package io.densespark.benchmark.cluster;

import io.densespark.data.batch.ImageSet;
import io.densespark.model.kernels.Backend;
import io.densespark.model.libtorch.LibTorch;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.plan.ReplicaSettings;
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

    private BenchmarkSession(Backend backend, ImageSet images, Replica replica) {
        this.backend = backend;
        this.images = images;
        this.replica = replica;
    }

    /**
     * Makes the images and the rank's replica.
     *
     * @throws io.densespark.spark.JobException if the replica doesn't fit the memory that there is
     */
    static BenchmarkSession open(ClusterBenchmarkSettings settings, Rank rank) {
        Backend backend = LibTorch.open(rank.device());
        ReplicaSettings replicaSettings = rank.replica();
        ImageSet images = SyntheticImages.of(settings.spec(), settings.imageSize(), SEED);
        Replica replica = Replica.create(replicaSettings, backend);
        HeInitializer.initialize(replica, SEED);
        return new BenchmarkSession(backend, images, replica);
    }

    long plannedBytes() {
        return MemoryPlan.of(replica.settings()).totalBytes();
    }

    /** Frees the replica; the images are the garbage collector's. Does nothing the second time. */
    @Override
    public void close() {
        replica.close();
    }
}
