package io.densespark.benchmark.cluster;

import io.densespark.data.batch.ImageSet;
import io.densespark.model.kernels.Backend;
import io.densespark.model.libtorch.LibTorch;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.replica.Replica;
import io.densespark.model.tensor.Device;
import io.densespark.model.weights.HeInitializer;
import io.densespark.spark.platform.ProcessMemory;
import io.densespark.spark.rank.RankPlace;
import io.densespark.spark.resources.MemoryBudget;
import io.densespark.spark.resources.MemoryCheck;

/** What a rank of the benchmark has once it is set up: images, and a replica with its first weights. */
final class BenchmarkSession implements AutoCloseable {
    /** Of weights, images and augmentation. */
    static final long SEED = 1;

    /** What this process had resident before its first replica: what later ones leave behind counts as theirs. */
    private static long residentBefore = -1;

    final RankPlace place;
    final Backend backend;
    final ImageSet images;
    final Replica replica;

    private BenchmarkSession(RankPlace place, Backend backend, ImageSet images, Replica replica) {
        this.place = place;
        this.backend = backend;
        this.images = images;
        this.replica = replica;
    }

    /**
     * Makes the images, and the replica on {@code device}.
     *
     * @param stage unique name of this stage
     * @throws io.densespark.spark.JobException if the replica doesn't fit the memory that there is
     */
    static BenchmarkSession open(
            ClusterBenchmarkSettings settings, String stage, RankPlace place, Device device, int workers) {
        Backend backend = LibTorch.open(device);
        forgetPeak();
        MemoryBudget budget =
                MemoryBudget.ofMachine(stage, place.memoryAtStart(), place.replicasHere(), place.replicasOnMachine());
        RecomputeLevel fastest = settings.levels().get(0);
        RecomputeLevel level = MemoryCheck.choose(
                settings.replica(place.worldSize(), fastest, workers, device), settings.levels(), budget);
        ImageSet images = SyntheticImages.of(settings.spec(), settings.imageSize(), SEED);
        Replica replica = Replica.create(settings.replica(place.worldSize(), level, workers, device), backend);
        HeInitializer.initialize(replica, SEED);
        return new BenchmarkSession(place, backend, images, replica);
    }

    private static synchronized void forgetPeak() {
        ProcessMemory.forgetPeak();
        if (residentBefore < 0) {
            residentBefore = ProcessMemory.residentBytes();
        }
    }

    /** This replica's share of the most memory that the process has had resident beyond what it had before. */
    long peakBytes() {
        synchronized (BenchmarkSession.class) {
            return Math.max(0, ProcessMemory.peakBytes() - residentBefore) / place.replicasHere();
        }
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
