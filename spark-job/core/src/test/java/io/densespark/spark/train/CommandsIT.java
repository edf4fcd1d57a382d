package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ParameterLayout;
import io.densespark.spark.harness.DriversFileSystem;
import io.densespark.spark.harness.SparkHome;
import io.densespark.spark.harness.SparkSubmit;
import io.densespark.spark.harness.SubmittedJob;
import io.densespark.spark.platform.AvailableMemory;
import io.densespark.spark.tensorboard.EventReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a data set's own files to a model; and requests that only a cluster can refuse. */
@Tag("slow")
class CommandsIT {
    private static final int CIFAR_RECORD = 1 + 3 * 32 * 32;

    @TempDir
    private static Path shared;

    private static Path data;

    @TempDir
    private Path folder;

    @BeforeAll
    static void prepareDigits() {
        data = TrainRun.digits(shared);
    }

    @Test
    void cifarFilesArePreparedTrainedAndEvaluatedWithPathsRelativeToTheDriversFolder() throws IOException {
        Path files = Files.createDirectories(folder.resolve("cifar-10-batches-bin"));
        Random random = new Random(1);
        for (int batch = 1; batch <= 5; batch++) {
            writeCifar(files.resolve("data_batch_" + batch + ".bin"), 20, random);
        }
        writeCifar(files.resolve("test_batch.bin"), 20, random);
        SubmittedJob.Result prepared = TrainRun.run(
                SparkSubmit.to(SparkHome.assembled(), "local[1]"),
                folder.resolve("prepare"),
                List.of("prepare", "--source", "cifar10", "--input", "../cifar-10-batches-bin", "--output", "../data"));
        assertThat(prepared.exitStatus()).as(prepared.stderr()).isZero();
        assertThat(prepared.stdout()).contains("100 training and 20 test images of 32x32x3, 10 classes");

        JsonNode result = TrainRun.resultOf(TrainRun.run(
                TrainRun.onTwoExecutors(),
                folder.resolve("train"),
                List.of(
                        "train",
                        "--recipe",
                        "densenet-bc-100-12-cifar10",
                        "--data",
                        "../data",
                        "--save",
                        "../save",
                        "--depth",
                        "22",
                        "--epochs",
                        "1",
                        "--valid-size",
                        "35")));

        assertThat(result.get("parameters").asLong())
                .isEqualTo(ParameterLayout.of(DenseNetSpec.bc(22, 12, 3, 10)).parameterCount());
        // 65 images in batches of 64: the last step's only image is rank 1's, rank 0 sends zeros.
        assertThat(result.get("ranks").get(0).get("steps").asInt()).isEqualTo(2);
        assertThat(result.get("seed").asLong()).isNotNegative();

        JsonNode evaluated = TrainRun.resultOf(TrainRun.run(
                TrainRun.onTwoExecutors(),
                folder.resolve("evaluate"),
                List.of("evaluate", "--model", "../save/model", "--data", "../data")));
        assertThat(evaluated.get("accuracy").asDouble())
                .isEqualTo(result.get("accuracy").asDouble());
    }

    private static void writeCifar(Path file, int images, Random random) throws IOException {
        byte[] record = new byte[CIFAR_RECORD];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < images; i++) {
                random.nextBytes(record);
                record[0] = (byte) (i % 10);
                out.write(record);
            }
        }
    }

    @Test
    void aLossThatIsNotFiniteEndsTheRunWithTheRankTheStepAndTheLastCheckpoint() {

        SubmittedJob.Result run = TrainRun.run(
                TrainRun.onTwoExecutors(),
                folder.resolve("train"),
                TrainRun.smallTraining(data, folder.resolve("save"), 2, "--learning-rate", "1e30"));

        assertThat(TrainRun.errorOf(run))
                .containsPattern("the loss of (rank [01]|ranks 0, 1) is not a finite number at epoch 1, step \\d+")
                .contains("there is no checkpoint yet")
                .contains("--learning-rate");
        assertThat(folder.resolve("save").resolve("result.json")).doesNotExist();
        // The steps up to it are there to look at.
        assertThat(EventReader.series(folder.resolve("save/tensorboard")).get("step/loss"))
                .containsOnlyKeys(1L)
                .allSatisfy((step, loss) -> assertThat(loss).isBetween(2f, 3f));
    }

    @Test
    void aReplicaThatDoesNotFitIsRefusedBeforeTheFirstStepWithTheBatchThatWould() {
        // Two replicas of 79 GB each.
        assumeTrue(AvailableMemory.now().machine() < 150_000_000_000L, "this machine has too much memory");

        SubmittedJob.Result run = TrainRun.run(
                TrainRun.onTwoExecutors(),
                folder.resolve("train"),
                List.of(
                        "train",
                        "--data",
                        data.toString(),
                        "--save",
                        folder.resolve("save").toString(),
                        "--preset",
                        "densenet-bc-190-40",
                        "--batch-size",
                        "960",
                        "--valid-size",
                        "40",
                        "--recompute",
                        "none"));

        assertThat(TrainRun.errorOf(run))
                .containsPattern("rank [01]: a replica of 480 images needs \\d+ MB at recompute level none")
                .containsPattern("this (machine|container) has left \\d+ MB for 2 replicas")
                .containsPattern("a replica can have \\d+ at none, \\d+ at activations, \\d+ at bottleneck")
                .contains("--batch-size");
        assertThat(folder.resolve("save").resolve("checkpoints")).doesNotExist();
    }

    /** Executors know the scheme by the driver's settings alone; their class path has the class. */
    @Test
    void aFileSystemThatTheDriversSettingsNameServesTheTasks() {
        SparkSubmit submit = TrainRun.onTwoExecutors()
                .withTestJar()
                .conf("spark.hadoop.fs.drivers.impl", DriversFileSystem.class.getName());
        List<String> arguments = new ArrayList<>(TrainRun.smallTraining(data, folder.resolve("save"), 1));
        arguments.replaceAll(each -> each.startsWith("/") ? "drivers:" + each : each);

        JsonNode result = TrainRun.resultOf(TrainRun.run(submit, folder.resolve("train"), arguments));

        assertThat(result.get("model").asText()).startsWith("drivers:/").endsWith("/save/model");
        assertThat(folder.resolve("save/model/model.safetensors")).exists();
    }

    @Test
    void moreReplicasThanSlotsAreRefused() {

        SubmittedJob.Result run = TrainRun.run(
                SparkSubmit.to(SparkHome.assembled(), "local[1]"),
                folder.resolve("train"),
                TrainRun.smallTraining(data, folder.resolve("save"), 1, "--replicas", "3"));

        assertThat(TrainRun.errorOf(run))
                .contains("1 slots")
                .contains("3 replicas")
                .contains("--replicas");
    }
}
