package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.data.fixture.Digits;
import io.densespark.spark.metrics.RankProgress;
import io.densespark.spark.settings.SettingValues;
import io.densespark.spark.settings.TrainSettings;
import io.densespark.spark.store.CheckpointStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.protocol.HdfsConstants;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An HDFS that goes away, or is full, while a run writes its checkpoints there: it trains on, and ends as if nothing were. */
@Tag("slow")
class StorageIT {
    private static final int SECONDS_AWAY = 10;
    private static final int SECONDS_FULL = 5;
    private static final StorageRetry SOON_TIRED = new StorageRetry(Duration.ofSeconds(2), Duration.ofMillis(100));

    @TempDir
    private static Path disk;

    private static MiniDFSCluster cluster;
    private static Path data;
    private static LoneRun whole;

    @BeforeAll
    static void start() throws Exception {
        data = Digits.prepareFirst(disk, 120, 10);
        whole = LoneRun.train(plan(disk.resolve("whole").toString()), step -> {});
        Configuration conf = new Configuration();
        conf.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, disk.resolve("hdfs").toString());
        cluster = new MiniDFSCluster.Builder(conf).numDataNodes(1).build();
        cluster.waitActive();
    }

    @AfterAll
    static void stop() {
        cluster.shutdown();
    }

    private static RunPlan plan(String save) {
        TrainSettings settings = TrainSettings.of(SettingValues.parse(Map.of(
                        "data",
                        data.toString(),
                        "save",
                        save,
                        "depth",
                        "10",
                        "growth-rate",
                        "4",
                        "epochs",
                        "2",
                        "batch-size",
                        "16",
                        "valid-size",
                        "20",
                        "checkpoint-steps",
                        "2")))
                .decided(7, 1);
        return RunPlan.first(
                settings,
                PreparedData.read(new org.apache.hadoop.fs.Path(data.toString()), new Configuration()),
                "attempt",
                new Beginning.Random());
    }

    private static RunPlan planOnHdfs(String save) {
        return plan(cluster.getURI() + "/" + save);
    }

    private static Consumer<RankProgress> afterStep(int step, Runnable work) {
        return progress -> {
            if (progress.epoch() == 1 && progress.step() == step) {
                work.run();
            }
        };
    }

    private static void assertWhole(RunPlan plan, LoneRun run) throws IOException {
        assertThat(run.weights()).isEqualTo(whole.weights());
        assertThat(new CheckpointStore(plan.checkpoints(), new Configuration())
                        .toGoOnFrom()
                        .orElseThrow()
                        .manifest()
                        .epochs())
                .isEqualTo(2);
    }

    @Test
    void aNameNodeThatIsAwayForAWhileCostsTheRunNothing() throws Exception {
        RunPlan plan = planOnHdfs("away");
        CompletableFuture<?>[] back = new CompletableFuture<?>[1];

        LoneRun run = LoneRun.train(plan, afterStep(3, () -> {
            cluster.shutdownNameNode(0);
            back[0] = later(SECONDS_AWAY, () -> cluster.restartNameNode(0, true));
        }));

        back[0].get(1, TimeUnit.MINUTES);
        assertWhole(plan, run);
    }

    @Test
    void aFullFileSystemCostsTheRunNothingIfThereIsRoomAgain() throws Exception {
        RunPlan plan = planOnHdfs("full");
        CompletableFuture<?>[] room = new CompletableFuture<?>[1];

        LoneRun run = LoneRun.train(plan, afterStep(3, () -> {
            setRoom("/full", 1);
            room[0] = later(SECONDS_FULL, () -> setRoom("/full", HdfsConstants.QUOTA_RESET));
        }));

        room[0].get(1, TimeUnit.MINUTES);
        assertWhole(plan, run);
    }

    @Test
    void aFileSystemThatStaysFullEndsTheRunWhichKeepsItsLastCheckpoint() throws Exception {
        RunPlan plan = planOnHdfs("stays-full");

        assertThatThrownBy(() -> LoneRun.train(plan, afterStep(5, () -> setRoom("/stays-full", 1)), SOON_TIRED))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("quota");

        assertThat(new CheckpointStore(plan.checkpoints(), new Configuration())
                        .toGoOnFrom()
                        .orElseThrow()
                        .folder())
                // That of step 4 was given to the writer, that of step 2 is complete by then.
                .isIn("epoch-0000-step-0000002.attempt", "epoch-0000-step-0000004.attempt");
    }

    private static void setRoom(String folder, long bytes) {
        try {
            DistributedFileSystem files = cluster.getFileSystem();
            files.setQuota(new org.apache.hadoop.fs.Path(folder), HdfsConstants.QUOTA_DONT_SET, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static CompletableFuture<Void> later(int seconds, Work work) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        work.run();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS));
    }
}
