package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.tensor.Device;
import io.densespark.spark.harness.FakeGpus;
import io.densespark.spark.harness.SparkHome;
import io.densespark.spark.harness.SparkSubmit;
import io.densespark.spark.harness.SubmittedJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job jar on executors with GPUs, which the fake CUDA of the module {@code model} plays. */
@Tag("slow")
class GpuTrainingIT {
    private static final int TRAIN_LOSS = 1;
    /** What is left to CUDA's libraries. */
    private static final long CUDA_BYTES = 400L << 20;

    @TempDir
    private static Path shared;

    private static Optional<FakeGpus> fake;
    private static Path data;

    @TempDir
    private Path folder;

    @BeforeAll
    static void prepare() {
        fake = FakeGpus.build();
        data = TrainRun.digits(shared);
    }

    @BeforeEach
    void needsTheFake() {
        assumeTrue(fake.isPresent(), "needs a C++ compiler");
    }

    private SparkSubmit onGpus(int executors, int replicasOfExecutor, Map<String, String> options) {
        return fake.orElseThrow().submit(SparkHome.assembled(), folder, executors, replicasOfExecutor, options);
    }

    private SubmittedJob.Result train(SparkSubmit submit, String name, int epochs, String... more) {
        return TrainRun.run(
                submit,
                folder.resolve(name + "-job"),
                TrainRun.smallTraining(data, folder.resolve(name), epochs, more));
    }

    private List<Double> losses(String name) throws IOException {
        return Files.readAllLines(folder.resolve(name).resolve("results.csv")).stream()
                .skip(1)
                .map(line -> line.split(",", -1)[TRAIN_LOSS])
                .filter(loss -> !loss.isEmpty())
                .map(Double::valueOf)
                .toList();
    }

    @Test
    void aGpuTrainsAsTheCpuDoesAndItsModelIsEvaluatedOnTwoGpusOfOneExecutor() throws IOException {
        TrainRun.resultOf(train(SparkSubmit.toLocalCluster(SparkHome.assembled(), 1), "cpu", 2));
        SubmittedJob.Result run = train(onGpus(1, 1, Map.of()), "gpu", 2, "--precision", "fp32");

        JsonNode result = TrainRun.resultOf(run);
        JsonNode rank = result.get("ranks").get(0);
        assertThat(rank.get("device").asText()).isEqualTo("cuda:0");
        assertThat(rank.get("precision").asText()).isEqualTo("fp32");
        assertThat(run.stdout())
                .contains("recompute level activations, fp32 on a GPU")
                .contains("memory in use on the fullest GPU");
        assertThat(result.get("peak_bytes").asLong()).isPositive();
        List<Double> expected = losses("cpu");
        List<Double> actual = losses("gpu");
        assertThat(actual).hasSameSizeAs(expected);
        for (int epoch = 0; epoch < expected.size(); epoch++) {
            assertThat(actual.get(epoch)).as("epoch %s", epoch + 1).isCloseTo(expected.get(epoch), Offset.offset(1e-3));
        }

        SubmittedJob.Result evaluation = TrainRun.run(
                onGpus(1, 2, Map.of()),
                folder.resolve("evaluation"),
                "evaluate",
                "--model",
                folder.resolve("gpu/model").toString(),
                "--data",
                data.toString());
        assertThat(TrainRun.resultOf(evaluation).get("accuracy").asDouble())
                .isEqualTo(result.get("accuracy").asDouble());
    }

    @Test
    void twoGpusOfTwoExecutorsTrainAsTwoExecutorsDoOnTheirCpus() throws IOException {
        TrainRun.resultOf(train(SparkSubmit.toLocalCluster(SparkHome.assembled(), 2), "cpus", 1));

        JsonNode result = TrainRun.resultOf(train(onGpus(2, 1, Map.of()), "gpus", 1, "--precision", "fp32"));

        JsonNode ranks = result.get("ranks");
        assertThat(ranks)
                .hasSize(2)
                .allMatch(rank -> rank.get("device").asText().equals("cuda:0"));
        assertThat(ranks.get(0).get("executor").asText())
                .isNotEqualTo(ranks.get(1).get("executor").asText());
        double cpus = losses("cpus").get(0);
        assertThat(losses("gpus").get(0)).isCloseTo(cpus, Offset.offset(1e-3));

        JsonNode rounded = TrainRun.resultOf(train(onGpus(2, 1, Map.of()), "rounded", 1, "--precision", "bf16"));
        assertThat(rounded.get("ranks"))
                .allMatch(rank -> rank.get("precision").asText().equals("bf16"));
        assertThat(losses("rounded").get(0)).isCloseTo(cpus, Offset.offset(0.05));
    }

    @Test
    void aReplicaThatDoesntFitItsGpuIsRefusedWithTheBatchesThatWould() {
        long plan = MemoryPlan.of(new ReplicaSettings(
                        DenseNetSpec.bc(10, 4, 1, 10),
                        new ImageShape(28, 28),
                        64,
                        RecomputeLevel.ACTIVATIONS,
                        1,
                        Device.cuda(0)))
                .totalBytes();
        SubmittedJob.Result run =
                train(onGpus(1, 1, Map.of("MEMORY", Long.toString(plan + CUDA_BYTES - 1))), "save", 1);

        assertThat(TrainRun.errorOf(run))
                .contains("a replica of 64 images needs ")
                .contains("its GPU has left, beside what CUDA's libraries need, ")
                .containsPattern(
                        "a replica can have [1-9]\\d* at none, [1-9]\\d* at activations, [1-9]\\d* at bottleneck");
        assertThat(folder.resolve("save/model")).doesNotExist();
    }

    @Test
    void aGpuThatBreaksOffEndsItsExecutorAndTheRankStartsOnAnother() {
        SubmittedJob.Result run = train(onGpus(1, 1, Map.of("FAIL", "cublasSgemm")), "save", 1, "--max-failures", "1");

        assertThat(TrainRun.errorOf(run))
                .contains("gave up after 2 failures without a new checkpoint; the last: ")
                .contains("SpentExecutorError: cuBLAS failed at a product [");
        assertThat(run.stdout()).contains("lost replicas (");
    }
}
