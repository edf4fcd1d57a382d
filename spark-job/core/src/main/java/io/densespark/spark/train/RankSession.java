package io.densespark.spark.train;

import io.densespark.model.backend.DeviceReplica;
import io.densespark.model.kernels.Backend;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.replica.Replica;
import io.densespark.model.tensor.Vector;
import io.densespark.model.weights.HeInitializer;
import io.densespark.model.weights.NamedTensor;
import io.densespark.model.weights.StateDictionary;
import io.densespark.model.weights.WeightsImport;
import io.densespark.spark.JobException;
import io.densespark.spark.metrics.EpochRow;
import io.densespark.spark.rank.Rank;
import io.densespark.spark.rank.RankPlace;
import io.densespark.spark.store.CheckpointStore;
import io.densespark.spark.store.EpochProgress;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a rank has once it is set up: images, a replica with its weights, and the place for checkpoints. */
final class RankSession implements AutoCloseable {
    /** Name of the optimizer's state in a checkpoint: one flat tensor beside the model's own. */
    static final String VELOCITY = "optimizer.velocity";

    /** What the names of the ranks' own running statistics begin with, each one flat tensor. */
    private static final String STATISTICS = "running_statistics.rank-";

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
                restore(replica, checkpoints, resumed.get(), rank.place());
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

    private static void restore(
            Replica replica, CheckpointStore checkpoints, CheckpointStore.Complete from, RankPlace place)
            throws IOException {
        Map<String, NamedTensor> state = checkpoints.readState(from);
        StateDictionary.restore(state, replica, "checkpoint " + from.folder());
        NamedTensor velocity = state.get(VELOCITY);
        if (velocity == null || velocity.values().length != replica.velocity().length()) {
            throw new JobException("checkpoint " + from.folder() + " has no " + VELOCITY + " of this network");
        }
        replica.velocity().set(velocity.values());
        // With another number of ranks each goes on from their mean, which has the model's own names.
        NamedTensor own = state.get(STATISTICS + place.rank());
        if (own != null && from.manifest().progress().ranks().size() == place.worldSize()) {
            replica.runningStatistics().set(own.values());
        }
    }

    /** The replica's whole state, for a checkpoint. */
    Map<String, NamedTensor> state() {
        Map<String, NamedTensor> state = StateDictionary.capture(replica);
        state.put(VELOCITY, flat(replica.velocity().toFloats()));
        return state;
    }

    /**
     * The replicas' whole state within an epoch: what they share, and the running statistics of each.
     *
     * @param statistics a row of each rank
     * @param weights of the ranks in the mean of these
     */
    Map<String, NamedTensor> state(RankTable statistics, double[] weights) {
        Vector running = replica.runningStatistics();
        float[] own = running.toFloats();
        running.set(statistics.mean(weights));
        Map<String, NamedTensor> state = state();
        running.set(own);
        for (int of = 0; of < weights.length; of++) {
            state.put(STATISTICS + of, flat(statistics.floats(of)));
        }
        return state;
    }

    private static NamedTensor flat(float[] values) {
        return new NamedTensor(List.of(values.length), values);
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
