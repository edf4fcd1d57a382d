package io.densespark.benchmark.cluster;

import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.kernels.Backend;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.spark.rank.Rank;
import io.densespark.spark.rank.RankWork;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkEnv;
import org.jspecify.annotations.Nullable;

/** What each rank of the benchmark does. */
final class BenchmarkWork implements RankWork<BenchmarkSession, MeasuredRank> {
    private final ClusterBenchmarkSettings settings;
    private final @Nullable String checkpoints;

    /** @param checkpoints where those lie that the settings may ask for */
    BenchmarkWork(ClusterBenchmarkSettings settings, Optional<String> checkpoints) {
        this.settings = settings;
        this.checkpoints = checkpoints.orElse(null);
    }

    @Override
    public BenchmarkSession open(Rank rank) {
        return BenchmarkSession.open(settings, rank);
    }

    @Override
    public Optional<Backend> device(BenchmarkSession session) {
        return Optional.of(session.backend);
    }

    @Override
    public MeasuredRank run(BenchmarkSession session, Rank rank, ProcessGroup group)
            throws IOException, InterruptedException {
        StepLoop loop = new StepLoop(settings, session.replica, session.backend.kernels(), group);
        StepLoop.Compared steps;
        long checkpointBytes = 0;
        if (checkpoints == null) {
            steps = new StepLoop.Compared(loop.run(session.images), List.of());
        } else {
            try (TemporaryCheckpoints temporary =
                    new TemporaryCheckpoints(new Path(checkpoints), rank.hadoop(), session.replica, group)) {
                steps = loop.run(session.images, temporary, settings.checkpointSteps());
                checkpointBytes = temporary.bytes();
            }
        }
        long peakBytes = rank.peakBytes();
        ReplicaSettings replica = session.replica.settings();
        // The messages are not in the memory plan: the replica makes room for them.
        session.closeReplica();
        List<SweepPoint> sweep = AllReduceSweep.run(session.backend, group);
        return new MeasuredRank(
                group.rank(),
                SparkEnv.get().executorId(),
                HostFacts.here(rank.place().host()),
                replica.device().toString(),
                replica.workers(),
                replica.level().toString(),
                session.plannedBytes(),
                peakBytes,
                steps.plain(),
                steps.checkpointed(),
                checkpointBytes,
                sweep);
    }
}
