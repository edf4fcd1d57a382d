package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.densespark.spark.harness.SparkHome;
import io.densespark.spark.harness.SparkSubmit;
import io.densespark.spark.harness.StandaloneCluster;
import io.densespark.spark.harness.StandaloneCluster.Worker;
import io.densespark.spark.harness.SubmittedJob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose cluster shrinks and grows while it trains. */
@Tag("slow")
class ElasticIT {
    /** Of 1,000 digits 640 are learnt from, in ten steps an epoch. */
    private static final int EPOCHS = 24;

    private static final int STEPS = 10;
    private static final int IMAGES = 640;
    private static final Worker ONE_CORE = Worker.of(1, "1g");

    @TempDir
    private Path folder;

    /** The run pauses while it has fewer than five, so that it can't end before they come. */
    @Test
    void fourReplicasBecomeThreeAndThenFiveAndEachImageIsSeenOnceAnEpoch() throws Exception {
        Path data = TrainRun.digits(folder);
        Path save = folder.resolve("save");
        Path seen = Files.createDirectory(folder.resolve("seen"));
        SparkHome spark = SparkHome.assembled();
        try (StandaloneCluster cluster = StandaloneCluster.start(spark, folder.resolve("cluster"), 4, ONE_CORE);
                SubmittedJob job = submit(spark, cluster, data, save, seen)) {
            Checkpoints.awaitFirst(save, job);
            cluster.killWorker(3);
            awaitLine(job, "3 replicas now, each with at most 22 images a step, recompute level activations");
            cluster.addWorker(ONE_CORE);
            cluster.addWorker(ONE_CORE);
            SubmittedJob.Result ended = job.await(TrainRun.LIMIT);

            JsonNode result = TrainRun.resultOf(ended);
            TrainRun.weightsOf(result);
            assertThat(result.get("ranks")).hasSize(5);
            assertThat(result.get("epochs").asInt()).isEqualTo(EPOCHS);
            assertThat(ended.stdout()).contains("executors come or go; going on after ");
        }
        List<SeenImages.Attempt> attempts = SeenImages.attempts(seen);
        assertThat(attempts.stream().map(SeenImages.Attempt::worldSize)).containsSubsequence(4, 3, 5);
        SeenImages.assertOnceAnEpoch(attempts, EPOCHS, STEPS, IMAGES);
        assertThat(Checkpoints.rows(save)).hasSize(EPOCHS + 2);
    }

    private SubmittedJob submit(SparkHome spark, StandaloneCluster cluster, Path data, Path save, Path seen) {
        return SparkSubmit.to(spark, cluster.url())
                .testJob(SeenImagesJob.class)
                .conf("spark.executor.cores", "1")
                .conf("spark.executor.memory", "1g")
                .conf("spark.cores.max", "5")
                .start(
                        folder.resolve("train"),
                        seen.toString(),
                        "5",
                        "200",
                        "data=" + data,
                        "save=" + save,
                        "depth=10",
                        "growth-rate=4",
                        "epochs=" + EPOCHS,
                        "valid-size=360",
                        "seed=7",
                        "checkpoint-steps=3",
                        "replicas=5",
                        "min-replicas=3",
                        "replica-wait=4");
    }

    private static void awaitLine(SubmittedJob job, String line) throws InterruptedException {
        while (!job.stdout().contains(line)) {
            assertThat(job.isRunning()).as(job.stdout() + job.stderr()).isTrue();
            Thread.sleep(100);
        }
    }
}
