package io.densespark.spark.train;

import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.replica.Replica;
import io.densespark.model.weights.NamedTensor;
import io.densespark.spark.store.CheckpointStore;
import io.densespark.spark.store.RunPosition;
import java.io.IOException;
import java.util.Map;

/**
 * Writes checkpoints between two steps. All ranks make the same calls; rank 0 copies the state, and writes the copy while the steps
 * go on.
 */
public final class StepCheckpoints {
    private final Replica replica;
    private final ProcessGroup group;
    private final CheckpointStore store;
    private final BackgroundWriter writer;
    private final int kept;

    /**
     * All are the caller's, who closes them.
     *
     * @param writer of rank 0
     * @param kept checkpoints that stay
     */
    public StepCheckpoints(
            Replica replica, ProcessGroup group, CheckpointStore store, BackgroundWriter writer, int kept) {
        this.replica = replica;
        this.group = group;
        this.store = store;
        this.writer = writer;
        this.kept = kept;
    }

    /**
     * Begins to write one, which the run can do without.
     *
     * @param folder its name in the store
     * @param position where the run stands, as all ranks know it
     * @throws IOException of a write before this one without which the run can't go on
     */
    public void write(String folder, RunPosition position) throws IOException {
        RankTable statistics =
                RankTable.exchange(group, replica.runningStatistics().toFloats());
        if (group.rank() == 0) {
            writer.await();
            Map<String, NamedTensor> state =
                    ReplicaState.of(replica, statistics, position.progress().weights());
            writer.submitOptional("checkpoint " + folder, () -> {
                store.write(folder, state, position);
                store.removeOld(kept);
            });
        }
    }
}
