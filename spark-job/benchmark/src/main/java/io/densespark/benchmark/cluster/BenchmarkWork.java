package io.densespark.benchmark.cluster;

import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.kernels.Backend;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.spark.rank.Rank;
import io.densespark.spark.rank.RankWork;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkEnv;

/** What each rank of the benchmark does. */
final class BenchmarkWork implements RankWork<BenchmarkSession, MeasuredRank> {
    private final ClusterBenchmarkSettings settings;

    BenchmarkWork(ClusterBenchmarkSettings settings) {
        this.settings = settings;
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
        List<StepTimes> steps =
                new StepLoop(settings, session.replica, session.backend.kernels(), group).run(session.images);
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
                steps,
                sweep);
    }
}
