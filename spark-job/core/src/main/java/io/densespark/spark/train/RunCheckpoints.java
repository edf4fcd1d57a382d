package io.densespark.spark.train;

import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.weights.NamedTensor;
import io.densespark.spark.metrics.EpochRow;
import io.densespark.spark.store.CheckpointStore;
import io.densespark.spark.store.EpochProgress;
import io.densespark.spark.store.Manifest;
import io.densespark.spark.store.RunPosition;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The checkpoints of one attempt: what goes into each, and the best epoch so far. All ranks make the same calls; rank 0 copies
 * the state, and writes the copy while training goes on.
 */
final class RunCheckpoints {
    private final RunPlan plan;
    private final RankSession session;
    private final ProcessGroup group;
    private final BackgroundWriter writer;
    private final StepCheckpoints withinEpoch;
    private Optional<Best> best = Optional.empty();
    private Optional<String> newest;

    /** The epoch with the best validation so far, and its checkpoint. */
    private record Best(EpochRow row, String folder) {}

    RunCheckpoints(RunPlan plan, RankSession session, ProcessGroup group, BackgroundWriter writer) {
        this.plan = plan;
        this.session = session;
        this.group = group;
        this.writer = writer;
        withinEpoch = new StepCheckpoints(
                session.replica,
                group,
                session.checkpoints,
                writer,
                plan.settings().checkpoints().kept());
        newest = session.resumed.map(CheckpointStore.Complete::folder);
        Optional<Manifest> resumed = session.resumed.map(CheckpointStore.Complete::manifest);
        resumed.filter(manifest -> manifest.epochs() > 0)
                .ifPresent(manifest -> best =
                        Optional.of(new Best(manifest.history().get(manifest.bestEpoch() - 1), manifest.bestFolder())));
    }

    /** The last that was begun, or from which this attempt went on. */
    Optional<String> newest() {
        return newest;
    }

    /**
     * Writes the checkpoint at the end of an epoch, without which the run can't go on.
     *
     * @param history of all epochs, this one included
     * @param written is run when the checkpoint is complete, by the writer's thread; on other ranks at once
     * @throws IOException of a write before this one
     */
    void endEpoch(List<EpochRow> history, Runnable written) throws IOException {
        String folder = CheckpointStore.folderName(history.size(), 0, plan.attempt());
        EpochRow row = history.get(history.size() - 1);
        if (best.isEmpty() || row.isBetterThan(best.get().row())) {
            best = Optional.of(new Best(row, folder));
        }
        newest = Optional.of(folder);
        if (group.rank() == 0) {
            writer.await();
            RunPosition position = position(history, EpochProgress.NONE);
            Map<String, NamedTensor> state = ReplicaState.of(session.replica);
            writer.submit("checkpoint " + folder, () -> {
                session.checkpoints.write(folder, state, position);
                written.run();
            });
        } else {
            written.run();
        }
    }

    /**
     * Writes one within an epoch, which the run can do without.
     *
     * @param history of the epochs before
     * @param progress of this one, as all ranks know it
     * @throws IOException of a write at an epoch's end
     */
    void withinEpoch(List<EpochRow> history, EpochProgress progress) throws IOException {
        String folder = CheckpointStore.folderName(history.size(), progress.steps(), plan.attempt());
        newest = Optional.of(folder);
        withinEpoch.write(folder, position(history, progress));
    }

    private RunPosition position(List<EpochRow> history, EpochProgress progress) {
        return new RunPosition(
                plan.seed(),
                plan.identity(),
                history,
                best.map(epoch -> epoch.row().epoch()).orElse(0),
                best.map(Best::folder).orElse(""),
                progress);
    }
}
