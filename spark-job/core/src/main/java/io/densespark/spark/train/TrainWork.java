package io.densespark.spark.train;

import io.densespark.model.backend.CpuFeatures;
import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.kernels.Backend;
import io.densespark.model.tensor.Device;
import io.densespark.spark.metrics.RunAccumulators;
import io.densespark.spark.rank.Rank;
import io.densespark.spark.rank.RankWork;
import io.densespark.spark.resources.PrecisionCheck;
import io.densespark.spark.settings.ClusterSettings;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.spark.SparkEnv;

/** What each rank does in one attempt. */
final class TrainWork implements RankWork<RankSession, TrainedRank> {
    private final RunPlan plan;
    private final RunAccumulators progress;

    TrainWork(RunPlan plan, RunAccumulators progress) {
        this.plan = plan;
        this.progress = progress;
    }

    @Override
    public RankSession open(Rank rank) throws IOException, InterruptedException {
        ClusterSettings cluster = plan.settings().cluster();
        if (!cluster.isSlowPrecisionAllowed()) {
            PrecisionCheck.require(
                    cluster.precision(), rank.device(), rank.place().host(), CpuFeatures::hasBfloat);
        }
        return RankSession.open(plan, rank);
    }

    @Override
    public Optional<Backend> device(RankSession session) {
        return Optional.of(session.backend());
    }

    @Override
    public TrainedRank run(RankSession session, Rank rank, ProcessGroup group)
            throws IOException, InterruptedException {
        Feed feed = session.images.join(plan, group);
        try (BackgroundWriter writer = new BackgroundWriter();
                StopSignals signals = StopSignals.of(plan, rank)) {
            Trainer trainer = new Trainer(
                    plan,
                    session,
                    session.backend().kernels(),
                    group,
                    feed,
                    new StepJournal(group, plan.tensorboard(), rank.hadoop(), writer),
                    signals::isAsked,
                    writer,
                    rank.place().host(),
                    progress::tell);
            boolean isStopped = trainer.run();
            return outcome(session, rank, group, feed, trainer, signals, isStopped);
        }
    }

    private TrainedRank outcome(
            RankSession session,
            Rank rank,
            ProcessGroup group,
            Feed feed,
            Trainer trainer,
            StopSignals signals,
            boolean isStopped) {
        Device device = rank.device();
        return new TrainedRank(
                group.rank(),
                SparkEnv.get().executorId(),
                rank.place().host(),
                ProcessHandle.current().pid(),
                device.toString(),
                plan.settings().cluster().precision().on(device).toString(),
                session.replica.settings().level().toString(),
                trainer.steps(),
                trainer.allReduceBytes(),
                rank.peakBytes(),
                HexFormat.of().formatHex(WeightsDigest.of(session.replica.parameters())),
                trainer.seconds(),
                trainer.ownSeconds(),
                feed.normalization(),
                trainer.finished(),
                isStopped,
                signals.isToldToEnd());
    }
}
