package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.densespark.data.fixture.Digits;
import io.densespark.spark.harness.SparkSubmit;
import io.densespark.spark.harness.SubmittedJob;
import io.densespark.spark.tensorboard.EventReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs: what they leave behind, and that no failure shows in the weights. */
class TrainIT {
    private static final int EPOCHS = 4;
    private static final int STEPS = 10;
    private static final int SIGTERM_STATUS = 128 + 15;

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
        data = Digits.prepareFirst(shared, 4000, 1000);
        save = shared.resolve("save");
        run = TrainRun.run(TrainRun.onTwoExecutors(), shared.resolve("train"), training(save, EPOCHS));
        result = TrainRun.resultOf(run);
        weights = TrainRun.weightsOf(result);
    }

    /** Validates on so many images that nobody can miss an epoch's end. */
    private static List<String> training(Path save, int epochs) {
        List<String> arguments = TrainRun.smallTraining(data, save, epochs);
        arguments.set(arguments.indexOf("--valid-size") + 1, "3360");
        return arguments;
    }

    @Test
    void aRunLeavesItsResultsAndItsModel() throws IOException {
        assertThat(TrainRun.json(Files.readString(save.resolve("result.json")))).isEqualTo(result);
        List<String> csv = Files.readAllLines(save.resolve("results.csv"));
        assertThat(csv).hasSize(EPOCHS + 2);
        assertThat(csv.get(0))
                .isEqualTo("epoch,train_loss,train_error,valid_loss,valid_error,test_error,seconds,images_per_second,"
                        + "all_reduce_seconds,data_wait_seconds,peak_bytes,slowest_rank,slowdown");
        assertThat(csv.get(1)).matches("001(,[0-9.]+){4},(,[0-9.]+){5},[01],[1-9][0-9.]*");
        double testError = Double.parseDouble(csv.get(EPOCHS + 1).split(",", -1)[5]);
        assertThat(1 - testError).isEqualTo(result.get("accuracy").asDouble(), within(1e-5));
        assertThat(result.get("slowest_rank").asInt()).isBetween(0, 1);
        assertThat(result.get("slowdown").asDouble()).isGreaterThanOrEqualTo(1);
        assertThat(save.resolve("model")).isDirectoryContaining("glob:**model.safetensors");
        assertThat(save.resolve("model")).isDirectoryContaining("glob:**model.json");
        assertThat(run.stdout())
                .contains("Memory plan of a replica")
                .contains("epoch 4/4")
                .contains("test accuracy");
    }

    @Test
    void everyStepAndEpochIsInTensorBoardsFiles() throws IOException {
        Map<String, SortedMap<Long, Float>> series = EventReader.series(save.resolve("tensorboard"));
        SortedMap<Long, Float> losses = series.get("step/loss");
        assertThat(losses.keySet())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, EPOCHS * STEPS).boxed().toList());
        for (String tag : List.of(
                "step/error",
                "step/images_per_second",
                "step/all_reduce_share",
                "step/data_wait_share",
                "step/learning_rate")) {
            assertThat(series.get(tag).keySet()).as(tag).isEqualTo(losses.keySet());
        }
        assertThat(series.get("step/all_reduce_share").values()).allMatch(share -> share > 0 && share < 1);
        assertThat(series.get("step/learning_rate").get(1L)).isEqualTo(0.1f);
        for (long epoch = 1; epoch <= EPOCHS; epoch++) {
            String[] row = Files.readAllLines(save.resolve("results.csv"))
                    .get((int) epoch)
                    .split(",", -1);
            float mean = (float) losses.subMap((epoch - 1) * STEPS + 1, epoch * STEPS + 1).values().stream()
                    .mapToDouble(Float::doubleValue)
                    .average()
                    .orElseThrow();
            assertThat(series.get("epoch/train_loss").get(epoch))
                    .isEqualTo(mean, within(1e-5f))
                    .isEqualTo(Float.parseFloat(row[1]), within(1e-5f));
            assertThat(series.get("epoch/train_error").get(epoch)).isEqualTo(Float.parseFloat(row[2]), within(1e-5f));
            assertThat(series.get("epoch/valid_loss").get(epoch)).isEqualTo(Float.parseFloat(row[3]), within(1e-5f));
            assertThat(series.get("epoch/valid_error").get(epoch)).isEqualTo(Float.parseFloat(row[4]), within(1e-5f));
            assertThat(series.get("epoch/images_per_second").get(epoch))
                    .isEqualTo(Float.parseFloat(row[7]), within(0.1f));
        }
    }

    @Test
    void onlyTheNewestTwoCheckpointsAndTheirBestAreKept() throws IOException {
        try (Stream<Path> folders = Files.list(save.resolve("checkpoints"))) {
            assertThat(folders.count()).isBetween(2L, 4L);
        }
    }

    @Test
    @Tag("slow")
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
    @Tag("slow")
    void aHomeFolderThatCannotBeWrittenDoesNotMatter() {
        SparkSubmit submit =
                TrainRun.onTwoExecutors().conf("spark.executor.extraJavaOptions", "-Duser.home=/proc/no-such-home");

        SubmittedJob.Result there = TrainRun.run(submit, folder.resolve("train"), training(folder.resolve("save"), 1));

        assertThat(TrainRun.weightsOf(TrainRun.resultOf(there)))
                .isEqualTo(result.at("/ranks/0/epoch_weights_sha256/0").asText());
    }

    /** Its connections stay open, so only its silence shows; Spark ends it when it has missed its heartbeats, too. */
    @Test
    @Tag("slow")
    void anExecutorThatFreezesIsNamedAndReplacedAndTheWeightsAreTheSame() throws Exception {
        Path there = folder.resolve("save");
        List<String> arguments = training(there, EPOCHS);
        arguments.addAll(List.of("--checkpoint-steps", "3", "--peer-timeout", "3"));
        SparkSubmit submit = TrainRun.onTwoExecutors()
                .conf("spark.network.timeout", "12s")
                .conf("spark.network.timeoutInterval", "4s")
                .conf("spark.executor.heartbeatInterval", "2s");
        try (SubmittedJob job = submit.start(folder.resolve("train"), arguments.toArray(String[]::new))) {
            Checkpoints.awaitFirst(there, job);
            signal("-STOP", TrainRun.executorOf(job));
            SubmittedJob.Result ended = job.await(TrainRun.LIMIT);

            assertThat(TrainRun.weightsOf(TrainRun.resultOf(ended))).isEqualTo(weights);
            assertThat(ended.stdout())
                    .containsPattern("lost replicas \\(.*rank [01] has been silent for 3 s: its process is frozen");
        }
    }

    /** With no failure allowed. What SIGPWR tells the executor it tells the driver; it leaves when it has no task any more. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Tag("slow")
    void anExecutorThatTheClusterDecommissionsIsNoFailure(boolean isKilled) throws Exception {
        Path there = folder.resolve("save");
        List<String> arguments = training(there, EPOCHS);
        arguments.addAll(List.of("--max-failures", "0"));
        SparkSubmit submit = TrainRun.onTwoExecutors().conf("spark.decommission.enabled", "true");
        try (SubmittedJob job = submit.start(folder.resolve("train"), arguments.toArray(String[]::new))) {
            Checkpoints.awaitFirst(there, job);
            ProcessHandle executor = TrainRun.executorOf(job);
            signal("-PWR", executor);
            if (isKilled) {
                Thread.sleep(200);
                executor.destroyForcibly();
            }
            SubmittedJob.Result ended = job.await(TrainRun.LIMIT);

            assertThat(TrainRun.weightsOf(TrainRun.resultOf(ended))).isEqualTo(weights);
            assertThat(ended.stdout())
                    .contains(
                            isKilled
                                    ? "the cluster took executors away, which doesn't count as a failure"
                                    : "executors come or go; going on after ");
        }
    }

    /** It has its checkpoint by then, and the other rank stops as well. */
    @Test
    @Tag("slow")
    void anExecutorThatIsToldToEndIsReplacedAndTheWeightsAreTheSame() throws Exception {
        Path there = folder.resolve("save");
        List<String> arguments = training(there, EPOCHS);
        arguments.addAll(List.of("--max-failures", "0"));
        try (SubmittedJob job =
                TrainRun.onTwoExecutors().start(folder.resolve("train"), arguments.toArray(String[]::new))) {
            Checkpoints.awaitFirst(there, job);
            signal("-TERM", TrainRun.executorOf(job));
            SubmittedJob.Result ended = job.await(TrainRun.LIMIT);

            assertThat(TrainRun.weightsOf(TrainRun.resultOf(ended))).isEqualTo(weights);
            assertThat(ended.stdout()).contains("an executor was told to end; going on after ");
        }
    }

    @Test
    @Tag("slow")
    void aDriverThatIsToldToEndSaysWhereTheSameCommandGoesOnToTheSameWeights() throws Exception {
        Path there = folder.resolve("save");
        List<String> arguments = training(there, EPOCHS);
        try (SubmittedJob job =
                TrainRun.onTwoExecutors().start(folder.resolve("first"), arguments.toArray(String[]::new))) {
            Checkpoints.awaitFirst(there, job);
            long told = System.nanoTime();
            signal("-TERM", ProcessHandle.of(job.pid()).orElseThrow());
            SubmittedJob.Result ended = job.await(TrainRun.LIMIT);

            assertThat(Duration.ofNanos(System.nanoTime() - told)).isLessThan(Duration.ofSeconds(20));
            assertThat(ended.exitStatus()).isEqualTo(SIGTERM_STATUS);
            assertThat(ended.stdout()).contains("ended by a signal; the same command goes on after ");
        }
        assertThat(there.resolve(".stop")).doesNotExist();
        assertThat(there.resolve(".lease")).doesNotExist();

        SubmittedJob.Result second = TrainRun.run(TrainRun.onTwoExecutors(), folder.resolve("second"), arguments);

        assertThat(second.stdout()).contains("going on after ");
        assertThat(TrainRun.weightsOf(TrainRun.resultOf(second))).isEqualTo(weights);
    }

    private static void signal(String name, ProcessHandle process) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", name, String.valueOf(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }
}
