package io.densespark.spark.train;

import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.libtorch.LibTorch;
import io.densespark.model.tensor.Device;
import io.densespark.spark.barrier.BarrierTask;
import io.densespark.spark.metrics.RunAccumulators;
import io.densespark.spark.rank.RankPlace;
import io.densespark.spark.rank.RankStart;
import io.densespark.spark.rank.RankWork;
import io.densespark.spark.resources.MemoryBudget;
import io.densespark.spark.resources.TaskDevice;
import io.densespark.spark.train.RankOutcome.Failed;
import io.densespark.spark.train.RankOutcome.Trained;
import java.io.IOException;
import java.util.HexFormat;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/** One rank of one attempt. */
final class RankTask implements BarrierTask<RankOutcome>, RankWork<RankSession, RankOutcome> {
    private final RunPlan plan;
    private final Broadcast<SerializableConfiguration> hadoop;
    private final RunAccumulators progress;

    RankTask(RunPlan plan, Broadcast<SerializableConfiguration> hadoop, RunAccumulators progress) {
        this.plan = plan;
        this.hadoop = hadoop;
        this.progress = progress;
    }

    @Override
    public RankOutcome call(BarrierTaskContext context) throws Exception {
        return RankStart.run(context, plan.settings().cluster().collectiveTimeout(), this);
    }

    @Override
    public RankSession open(RankPlace place, Device device, BarrierTaskContext context)
            throws IOException, InterruptedException {
        return RankSession.open(
                plan,
                device,
                TaskDevice.workers(device, context),
                () -> MemoryBudget.ofMachine(
                        plan.attempt(), place.memoryAtStart(), place.replicasHere(), place.replicasOnMachine()),
                hadoop.value().value());
    }

    @Override
    public RankOutcome run(RankSession session, RankPlace place, ProcessGroup group)
            throws IOException, InterruptedException {
        Device device = session.replica.settings().device();
        Trainer trainer = new Trainer(
                plan,
                session,
                LibTorch.open(device).kernels(),
                group,
                new StepJournal(group, plan.tensorboard(), hadoop.value().value()),
                place.host(),
                progress::tell);
        trainer.run();
        return new Trained(
                group.rank(),
                SparkEnv.get().executorId(),
                place.host(),
                ProcessHandle.current().pid(),
                device.toString(),
                session.replica.settings().level().toString(),
                trainer.steps(),
                trainer.allReduceBytes(),
                session.peakBytes(),
                HexFormat.of().formatHex(WeightsDigest.of(session.replica.parameters())),
                trainer.seconds(),
                trainer.ownSeconds(),
                trainer.finished());
    }

    @Override
    public RankOutcome failed(int rank, String message) {
        return new Failed(rank, message);
    }
}
