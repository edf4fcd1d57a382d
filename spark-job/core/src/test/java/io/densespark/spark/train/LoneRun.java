package io.densespark.spark.train;

import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.collective.SingleReplica;
import io.densespark.model.libtorch.LibTorch;
import io.densespark.model.replica.Replica;
import io.densespark.spark.metrics.EpochRow;
import io.densespark.spark.metrics.RankProgress;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;

/**
 * An attempt of one rank alone, in the test's own thread.
 *
 * @param weights their digest at the end
 * @param rows of the epochs that this attempt has finished
 * @param steps that it has taken
 * @param isStopped whether it was stopped before the end
 */
record LoneRun(String weights, List<EpochRow> rows, long steps, boolean isStopped) {
    static LoneRun train(RunPlan plan, Consumer<RankProgress> progress) throws Exception {
        return train(plan, (replica, step) -> progress.accept(step));
    }

    /** @param retry of what storage refuses */
    static LoneRun train(RunPlan plan, Consumer<RankProgress> progress, StorageRetry retry) throws Exception {
        return train(plan, (replica, step) -> progress.accept(step), () -> false, retry, new Configuration());
    }

    /** @param conf Hadoop's */
    static LoneRun train(RunPlan plan, Consumer<RankProgress> progress, Configuration conf) throws Exception {
        return train(plan, (replica, step) -> progress.accept(step), () -> false, StorageRetry.USUAL, conf);
    }

    /** @param progress is told after every step */
    static LoneRun train(RunPlan plan, BiConsumer<Replica, RankProgress> progress) throws Exception {
        return train(plan, progress, () -> false);
    }

    /** @param isStopAsked whether the rank is to see that training stops */
    static LoneRun train(RunPlan plan, BiConsumer<Replica, RankProgress> progress, BooleanSupplier isStopAsked)
            throws Exception {
        return train(plan, progress, isStopAsked, StorageRetry.USUAL, new Configuration());
    }

    private static LoneRun train(
            RunPlan plan,
            BiConsumer<Replica, RankProgress> progress,
            BooleanSupplier isStopAsked,
            StorageRetry retry,
            Configuration conf)
            throws Exception {
        try (RankSession session = RankSession.open(plan, new LoneRank(conf, plan.replica()));
                BackgroundWriter writer = new BackgroundWriter(retry)) {
            ProcessGroup alone = new SingleReplica();
            Trainer trainer = new Trainer(
                    plan,
                    session,
                    LibTorch.open().kernels(),
                    alone,
                    session.images.join(plan, alone),
                    new StepJournal(alone, plan.tensorboard(), conf, writer),
                    isStopAsked,
                    writer,
                    "here",
                    step -> progress.accept(session.replica, step));
            boolean isStopped = trainer.run();
            return new LoneRun(
                    HexFormat.of().formatHex(WeightsDigest.of(session.replica.parameters())),
                    trainer.finished(),
                    trainer.steps(),
                    isStopped);
        }
    }
}
