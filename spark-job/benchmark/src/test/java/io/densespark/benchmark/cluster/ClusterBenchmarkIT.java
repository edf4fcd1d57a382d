package io.densespark.benchmark.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.densespark.spark.harness.SparkHome;
import io.densespark.spark.harness.SparkSubmit;
import io.densespark.spark.harness.SubmittedJob;
import io.densespark.spark.platform.AvailableMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class ClusterBenchmarkIT {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @TempDir
    private Path folder;

    @Test
    void oneAndTwoExecutorsAreMeasuredAndReported() throws IOException {
        Path json = folder.resolve("rows.json");

        SubmittedJob.Result run = run(
                SparkSubmit.toLocalCluster(SparkHome.assembled(), 2),
                "--replicas=1,2",
                "--preset=densenet-bc-40-12",
                "--image-size=16",
                "--batch-per-replica=8",
                "--steps=6",
                "--warm-up=2",
                "--rounds=2",
                "--json=" + json,
                "--checkpoints=" + folder.resolve("checkpoints").toUri(),
                "--checkpoint-steps=3",
                "--report=" + folder.resolve("report").toUri());

        assertThat(run.exitStatus()).as(run.stderr()).isZero();
        assertThat(run.stdout())
                .contains("1 replica:")
                .contains("2 replicas:")
                .containsPattern("rank [01] \\(executor [01] on 127\\.0\\.0\\.1\\), \\d+\\.\\d% above the other")
                .contains("All-reduces of 2 replicas");
        JsonNode rows = new ObjectMapper().readTree(json.toFile());
        assertThat(rows).hasSize(2);
        requireRow(rows.get(0), 1);
        requireRow(rows.get(1), 2);
        assertThat(rows.get(0).get("efficiency").asDouble()).isEqualTo(1);
        assertThat(rows.get(1).get("efficiency").asDouble())
                .isCloseTo(
                        rows.get(1).get("images_per_second").asDouble()
                                / (2 * rows.get(0).get("images_per_second").asDouble()),
                        within(1e-9));
        assertThat(rows.get(0).get("all_reduce")).isEmpty();
        for (JsonNode row : rows) {
            assertThat(row.get("checkpoint_cost").get("ratios")).hasSize(4);
            assertThat(row.get("checkpoint_cost").get("bytes").asLong()).isPositive();
        }
        assertThat(folder.resolve("checkpoints")).isEmptyDirectory();
        List<Long> sizes = new ArrayList<>();
        rows.get(1).get("all_reduce").forEach(point -> {
            sizes.add(point.get("bytes").asLong());
            assertThat(point.get("seconds").asDouble()).isPositive();
            assertThat(point.get("bus_bandwidth").asDouble())
                    .isCloseTo(point.get("algorithm_bandwidth").asDouble(), within(1e-3));
        });
        assertThat(sizes)
                .containsExactly(
                        1L << 10, 1L << 12, 1L << 14, 1L << 16, 1L << 18, 1L << 20, 1L << 22, 1L << 24, 1L << 26);
        assertThat(Files.readString(folder.resolve("report").resolve("index.html")))
                .contains("<img src=\"data:image/svg+xml;base64,")
                .contains("densespark benchmark cluster --replicas=1,2 --preset=densenet-bc-40-12 ")
                .contains("<td>local-cluster[2,1,1024]</td>")
                .contains("2.10.0");
    }

    private static void requireRow(JsonNode row, int replicas) {
        assertThat(row.get("replicas").asInt()).isEqualTo(replicas);
        assertThat(row.get("global_batch").asInt()).isEqualTo(8 * replicas);
        assertThat(row.get("images_per_second").asDouble())
                .isCloseTo(8 * replicas / row.get("step_seconds_median").asDouble(), within(1e-6));
        double sum = Arrays.stream(Phase.values())
                .mapToDouble(phase -> {
                    double share = row.get(phase.key() + "_share").asDouble();
                    assertThat(share).as(phase.key()).isBetween(0.0, 1.0);
                    return share;
                })
                .sum();
        assertThat(sum).isCloseTo(1, within(0.03));
        for (Phase phase : List.of(Phase.FORWARD, Phase.RECOMPUTE, Phase.BACKWARD, Phase.OPTIMIZER)) {
            assertThat(row.get(phase.key() + "_share").asDouble()).isPositive();
        }
        assertThat(row.get("peak_bytes").asLong()).isPositive();
        assertThat(row.get("slowest_rank").isNull()).isEqualTo(replicas == 1);
        assertThat(row.get("ranks")).hasSize(replicas);
    }

    @Test
    void moreReplicasThanSlotsAreRefused() {
        assertThat(errorOf(run(SparkSubmit.to(SparkHome.assembled(), "local[1]"), "--replicas=1,3")))
                .contains("1 slots")
                .contains("3 replicas");
    }

    @Test
    void aReportThatCannotBeWrittenIsRefusedBeforeAnyWork() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "text");

        SubmittedJob.Result run =
                run(SparkSubmit.to(SparkHome.assembled(), "local[1]"), "--replicas=1", "--report=" + file);

        assertThat(errorOf(run)).contains("setting report").contains("can't be written");
        assertThat(run.stdout()).doesNotContain("images/s");
    }

    @Test
    void aReplicaThatDoesNotFitIsRefusedWithTheLargestBatchThatWould() {
        // A replica of 64 GB.
        assumeTrue(AvailableMemory.now().machine() < 60_000_000_000L, "this machine has too much memory");

        SubmittedJob.Result run = run(
                SparkSubmit.to(SparkHome.assembled(), "local[1]"),
                "--replicas=1",
                "--preset=densenet-bc-190-40",
                "--image-size=32",
                "--batch-per-replica=300",
                "--recompute=none");

        assertThat(errorOf(run))
                .contains("rank 0: a replica of 300 images needs")
                .contains("a replica can have")
                .contains("--batch-per-replica");
    }

    private SubmittedJob.Result run(SparkSubmit submit, String... options) {
        List<String> arguments = new ArrayList<>(List.of("benchmark", "cluster"));
        arguments.addAll(List.of(options));
        submit.conf("spark.jars", System.getProperty("densespark.benchmark.jar"));
        try (SubmittedJob job = submit.start(folder.resolve("job"), arguments.toArray(String[]::new))) {
            return job.await(LIMIT);
        }
    }

    /** A failed command's single line for the user. */
    private static String errorOf(SubmittedJob.Result run) {
        assertThat(run.exitStatus()).as(run.stderr()).isEqualTo(1);
        List<String> errors =
                run.stderr().lines().filter(line -> line.startsWith("error: ")).toList();
        assertThat(errors).as(run.stderr()).hasSize(1);
        return errors.get(0);
    }
}
