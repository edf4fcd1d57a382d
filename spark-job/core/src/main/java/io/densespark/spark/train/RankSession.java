package io.densespark.spark.train;

import io.densespark.model.backend.DeviceReplica;
import io.densespark.model.kernels.Backend;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.replica.Replica;
import io.densespark.model.weights.HeInitializer;
import io.densespark.model.weights.WeightsImport;
import io.densespark.spark.JobException;
import io.densespark.spark.metrics.EpochRow;
import io.densespark.spark.rank.Rank;
import io.densespark.spark.store.CheckpointStore;
import io.densespark.spark.store.EpochProgress;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a rank has once it is set up: images, a replica with its weights, and the place for checkpoints. */
final class RankSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RankSession.class);

    final Rank rank;
    final RankImages images;
    final Replica replica;
    final CheckpointStore checkpoints;
    final Optional<CheckpointStore.Complete> resumed;
    private final DeviceReplica opened;

    private RankSession(
            Rank rank,
            RankImages images,
            DeviceReplica opened,
            CheckpointStore checkpoints,
            Optional<CheckpointStore.Complete> resumed) {
        this.rank = rank;
        this.images = images;
        this.opened = opened;
        this.replica = opened.replica();
        this.checkpoints = checkpoints;
        this.resumed = resumed;
    }

    /**
     * Loads the images, allocates the replica and fills it, from the plan's checkpoint, or by its seed and initial weights.
     * All that can be wrong with data, machine or checkpoint shows here, before the first step.
     */
    static RankSession open(RunPlan plan, Rank rank) throws IOException, InterruptedException {
        Configuration conf = rank.hadoop();
        RankImages images = plan.feeder().open(rank);
        try {
            return open(plan, rank, images, conf);
        } catch (RuntimeException | IOException e) {
            images.close();
            throw e;
        }
    }

    private static RankSession open(RunPlan plan, Rank rank, RankImages images, Configuration conf) throws IOException {
        CheckpointStore checkpoints = new CheckpointStore(plan.checkpoints(), conf);
        Optional<CheckpointStore.Complete> resumed = resume(plan, checkpoints);
        Optional<WeightsImport> start = start(plan, conf);
        ReplicaSettings settings = rank.replica();
        LOG.info(
                "rank {}: {} workers, {}, {} images a step, recompute level {}, {} MB planned",
                rank.place().rank(),
                settings.workers(),
                settings.precision(),
                settings.batch(),
                settings.level(),
                MemoryPlan.of(settings).totalBytes() / 1_000_000);
        DeviceReplica opened = DeviceReplica.open(settings);
        try {
            Replica replica = opened.replica();
            if (resumed.isPresent()) {
                CheckpointStore.Complete from = resumed.get();
                ReplicaState.restore(
                        replica,
                        checkpoints.readState(from),
                        from.folder(),
                        from.manifest().progress().ranks().size(),
                        rank.place());
            } else {
                HeInitializer.initialize(replica, plan.seed());
                start.ifPresent(weights -> weights.apply(replica));
            }
            return new RankSession(rank, images, opened, checkpoints, resumed);
        } catch (RuntimeException | IOException e) {
            opened.close();
            throw e;
        }
    }

    private static Optional<WeightsImport> start(RunPlan plan, Configuration conf) {
        if (plan.beginning() instanceof Beginning.Weights weights) {
            String uri = plan.settings().places().init().orElseThrow(() -> new IllegalStateException("no --init"));
            return Optional.of(StartingWeights.read(uri, weights.sha256(), ParameterLayout.of(plan.spec()), conf));
        }
        return Optional.empty();
    }

    private static Optional<CheckpointStore.Complete> resume(RunPlan plan, CheckpointStore checkpoints)
            throws IOException {
        if (!(plan.beginning() instanceof Beginning.Checkpoint checkpoint)) {
            return Optional.empty();
        }
        String folder = checkpoint.folder();
        Optional<CheckpointStore.Complete> found = checkpoints.read(folder);
        if (found.isEmpty()) {
            throw new JobException("checkpoint " + plan.checkpoints() + "/" + folder
                    + " is not visible here: --save must be on a file system that driver and executors share");
        }
        return found;
    }

    /** How far the epoch has come with which this attempt begins. */
    EpochProgress progress() {
        return resumed.map(checkpoint -> checkpoint.manifest().progress()).orElse(EpochProgress.NONE);
    }

    /** The figures of the epochs before this attempt. */
    List<EpochRow> history() {
        return resumed.map(checkpoint -> checkpoint.manifest().history()).orElse(List.of());
    }

    /** The replica's device. */
    Backend backend() {
        return opened.backend();
    }

    @Override
    public void close() {
        try (images) {
            opened.close();
        }
    }
}
