package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.densespark.spark.harness.SparkHome;
import io.densespark.spark.harness.SparkSubmit;
import io.densespark.spark.harness.StandaloneCluster;
import io.densespark.spark.harness.SubmittedJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs: what they leave behind, and that neither cluster nor failure shows in the weights. */
class TrainIT {
    private static final int EPOCHS = 4;

    @TempDir
    private static Path shared;

    private static Path data;
    private static Path save;
    private static SubmittedJob.Result run;
    private static JsonNode result;
    private static String weights;

    @TempDir
    private Path folder;

    @BeforeAll
    static void trainOnce() {
        data = TrainRun.digits(shared);
        save = shared.resolve("save");
        run = TrainRun.run(
                TrainRun.onTwoExecutors(), shared.resolve("train"), TrainRun.smallTraining(data, save, EPOCHS));
        result = TrainRun.resultOf(run);
        weights = TrainRun.weightsOf(result);
    }

    @Test
    void aRunLeavesItsResultsAndItsModel() throws IOException {
        assertThat(TrainRun.json(Files.readString(save.resolve("result.json")))).isEqualTo(result);
        List<String> csv = Files.readAllLines(save.resolve("results.csv"));
        assertThat(csv).hasSize(EPOCHS + 2);
        assertThat(csv.get(0))
                .isEqualTo("epoch,train_loss,train_error,valid_loss,valid_error,test_error,seconds,images_per_second,"
                        + "all_reduce_seconds,data_wait_seconds,peak_bytes");
        assertThat(csv.get(1)).matches("001(,[0-9.]+){4},(,[0-9.]+){5}");
        double testError = Double.parseDouble(csv.get(EPOCHS + 1).split(",", -1)[5]);
        assertThat(1 - testError)
                .isEqualTo(result.get("accuracy").asDouble(), org.assertj.core.api.Assertions.within(1e-5));
        assertThat(save.resolve("model")).isDirectoryContaining("glob:**model.safetensors");
        assertThat(save.resolve("model")).isDirectoryContaining("glob:**model.json");
        assertThat(run.stdout())
                .contains("Memory plan of a replica")
                .contains("epoch 4/4")
                .contains("test accuracy");
    }

    @Test
    void onlyTheBestAndTheNewestTwoCheckpointsAreKept() throws IOException {
        try (Stream<Path> folders = Files.list(save.resolve("checkpoints"))) {
            assertThat(folders.count()).isBetween(2L, 3L);
        }
    }

    @Test
    void evaluateFindsTheAccuracyThatTrainingReported() {
        SubmittedJob.Result evaluated = TrainRun.run(
                TrainRun.onTwoExecutors(),
                folder.resolve("evaluate"),
                "evaluate",
                "--model",
                result.get("model").asText(),
                "--data",
                data.toString());

        JsonNode found = TrainRun.resultOf(evaluated);
        assertThat(found.get("accuracy")).isEqualTo(result.get("accuracy"));
        assertThat(found.get("images").asInt()).isEqualTo(1000);
    }

    @Test
    void aStandaloneClusterOfTwoWorkerProcessesGivesTheSameWeights() {
        try (StandaloneCluster cluster = StandaloneCluster.start(
                SparkHome.assembled(), folder.resolve("cluster"), 2, StandaloneCluster.Worker.of(1, "1g"))) {
            SparkSubmit submit = SparkSubmit.to(SparkHome.assembled(), cluster.url())
                    .conf("spark.cores.max", "2")
                    .conf("spark.executor.cores", "1")
                    .conf("spark.executor.memory", "1g");

            SubmittedJob.Result there = TrainRun.run(
                    submit, folder.resolve("train"), TrainRun.smallTraining(data, folder.resolve("save"), EPOCHS));

            assertThat(TrainRun.weightsOf(TrainRun.resultOf(there))).isEqualTo(weights);
        }
    }

    @Test
    void aHomeFolderThatCannotBeWrittenDoesNotMatter() {
        SparkSubmit submit =
                TrainRun.onTwoExecutors().conf("spark.executor.extraJavaOptions", "-Duser.home=/proc/no-such-home");

        SubmittedJob.Result there = TrainRun.run(
                submit, folder.resolve("train"), TrainRun.smallTraining(data, folder.resolve("save"), EPOCHS));

        assertThat(TrainRun.weightsOf(TrainRun.resultOf(there))).isEqualTo(weights);
    }

    @Test
    void anExecutorThatIsKilledIsReplacedAndTheWeightsAreTheSame() {
        Path there = folder.resolve("save");
        try (SubmittedJob job = TrainRun.onTwoExecutors()
                .start(
                        folder.resolve("train"),
                        TrainRun.smallTraining(data, there, EPOCHS).toArray(String[]::new))) {
            Checkpoints.awaitFirst(there, job);
            executorOf(job).destroyForcibly();
            SubmittedJob.Result ended = job.await(TrainRun.LIMIT);

            assertThat(TrainRun.weightsOf(TrainRun.resultOf(ended))).isEqualTo(weights);
            assertThat(ended.stdout()).contains("lost replicas").contains("going on after epoch");
            assertThat(Checkpoints.rows(there)).hasSize(EPOCHS + 2);
        }
    }

    @Test
    void aDriverThatIsKilledLeavesARunThatGoesOnToTheSameWeights() {
        Path there = folder.resolve("save");
        List<String> arguments = TrainRun.smallTraining(data, there, EPOCHS);
        try (SubmittedJob job =
                TrainRun.onTwoExecutors().start(folder.resolve("first"), arguments.toArray(String[]::new))) {
            Checkpoints.awaitFirst(there, job);
        }
        assertThat(there.resolve("result.json")).doesNotExist();

        SubmittedJob.Result second = TrainRun.run(TrainRun.onTwoExecutors(), folder.resolve("second"), arguments);

        assertThat(second.stdout()).contains("going on after epoch");
        assertThat(TrainRun.weightsOf(TrainRun.resultOf(second))).isEqualTo(weights);
        assertThat(Checkpoints.rows(there)).hasSize(EPOCHS + 2);
    }

    /** One of the executors' processes, which are the driver's children. */
    private static ProcessHandle executorOf(SubmittedJob job) {
        return ProcessHandle.of(job.pid())
                .orElseThrow()
                .descendants()
                .filter(process -> process.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"))
                .findFirst()
                .orElseThrow();
    }
}
