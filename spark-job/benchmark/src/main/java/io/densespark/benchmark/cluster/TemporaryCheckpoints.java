package io.densespark.benchmark.cluster;

import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.replica.Replica;
import io.densespark.spark.JobException;
import io.densespark.spark.store.CheckpointStore;
import io.densespark.spark.store.EpochProgress;
import io.densespark.spark.store.RankSums;
import io.densespark.spark.store.RunPosition;
import io.densespark.spark.train.BackgroundWriter;
import io.densespark.spark.train.StepCheckpoints;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Checkpoints as training writes them, of a run that nobody goes on with. All ranks make the same calls, and rank 0 writes. */
final class TemporaryCheckpoints implements AutoCloseable {
    private static final int KEPT = 2;

    private final Path folder;
    private final Configuration conf;
    private final ProcessGroup group;
    private final BackgroundWriter writer = new BackgroundWriter();
    private final CheckpointStore store;
    private final StepCheckpoints checkpoints;
    private long bytes;
    private String newest = "";

    /** @param folder where they lie; the same on all ranks */
    TemporaryCheckpoints(Path folder, Configuration conf, Replica replica, ProcessGroup group) throws IOException {
        this.folder = folder;
        this.conf = conf;
        this.group = group;
        store = new CheckpointStore(folder, conf);
        checkpoints = new StepCheckpoints(replica, group, store, writer, KEPT);
    }

    /**
     * Begins to write one between two steps.
     *
     * @param steps that were taken
     */
    void write(int steps) throws IOException {
        RankSums sums = new RankSums(0, 0, 1, group.worldSize(), 0, 0, 0);
        EpochProgress progress = new EpochProgress(steps, 0, Collections.nCopies(group.worldSize(), sums));
        newest = CheckpointStore.folderName(0, steps, "benchmark");
        checkpoints.write(newest, new RunPosition(BenchmarkSession.SEED, Map.of(), List.of(), 0, "", progress));
    }

    /** Returns on all ranks when rank 0 has written the last. */
    void await() throws IOException {
        if (group.rank() == 0) {
            writer.await();
            if (store.read(newest).isEmpty()) {
                throw new JobException(
                        "checkpoint " + folder + "/" + newest + " wasn't written: see the log of rank 0's executor");
            }
            bytes = folder.getFileSystem(conf)
                    .getContentSummary(new Path(folder, newest))
                    .getLength();
        }
        group.sum(new double[1]);
    }

    /** Of the last checkpoint; known to rank 0. */
    long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        writer.close();
    }
}
