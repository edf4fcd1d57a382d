package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.spark.harness.DiscoveryScript;
import io.densespark.spark.harness.SparkHome;
import io.densespark.spark.harness.SparkSubmit;
import io.densespark.spark.harness.StandaloneCluster;
import io.densespark.spark.harness.SubmittedJob;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two workers whose discovery script finds two GPUs, 4 and 7, and that have more cores than GPUs. */
@Tag("slow")
class GpuSchedulingIT {
    private static final Pattern REPORT = Pattern.compile("process (\\d+) address (\\d+) device cuda:(\\d+)");

    /** The device table: what CUDA would call the GPUs if it showed its processes those two. */
    private static final Map<String, String> ORDINALS = Map.of("4", "0", "7", "1");

    @TempDir
    private static Path shared;

    private static StandaloneCluster cluster;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startACluster() {
        DiscoveryScript script = DiscoveryScript.write(shared.resolve("gpus.sh"), "4", "7");
        cluster = StandaloneCluster.start(SparkHome.assembled(), shared.resolve("cluster"), 2, script.worker(3, "2g"));
    }

    @AfterAll
    static void stopIt() {
        cluster.close();
    }

    private SparkSubmit submit(int gpusOfAnExecutor) {
        return SparkSubmit.to(SparkHome.assembled(), cluster.url())
                .conf("spark.executor.cores", Integer.toString(gpusOfAnExecutor))
                .conf("spark.executor.memory", "512m")
                .conf("spark.executor.resource.gpu.amount", Integer.toString(gpusOfAnExecutor))
                .conf("spark.task.resource.gpu.amount", "1")
                .conf("spark.executorEnv.CUDA_VISIBLE_DEVICES", "4,7");
    }

    /** The addresses of the ranks, by executor process. */
    private Map<String, List<String>> addresses(int gpusOfAnExecutor) {
        SubmittedJob.Result run =
                TrainRun.run(submit(gpusOfAnExecutor).testJob(GpuProbeJob.class), folder.resolve("probe"), "4");
        assertThat(run.exitStatus()).as(run.stderr()).isZero();
        Map<String, TreeSet<String>> found = new TreeMap<>();
        Matcher report = REPORT.matcher(run.stdout());
        int ranks = 0;
        while (report.find()) {
            ranks++;
            assertThat(report.group(3)).isEqualTo(ORDINALS.get(report.group(2)));
            found.computeIfAbsent(report.group(1), process -> new TreeSet<>()).add(report.group(2));
        }
        assertThat(ranks).as(run.stdout()).isEqualTo(4);
        Map<String, List<String>> sorted = new TreeMap<>();
        found.forEach((process, addresses) -> sorted.put(process, List.copyOf(addresses)));
        return sorted;
    }

    @Test
    void replicasInOneExecutorGetItsTwoGpusOneEach() {
        assertThat(addresses(2).values()).containsExactly(List.of("4", "7"), List.of("4", "7"));
    }

    @Test
    void executorsWithOneGpuGetOneEach() {
        assertThat(addresses(1).values())
                .containsExactlyInAnyOrder(List.of("4"), List.of("4"), List.of("7"), List.of("7"));
    }

    @Test
    void fiveReplicasOnFourGpusAreRefusedWithinSeconds() {
        long begin = System.nanoTime();
        Path save = folder.resolve("save");

        SubmittedJob.Result run = TrainRun.run(
                submit(1),
                folder.resolve("train"),
                TrainRun.smallTraining(TrainRun.digits(folder), save, 1, "--replicas", "5"));

        assertThat(TrainRun.errorOf(run))
                .contains("4 slots for tasks of 1 cores and a GPU")
                .contains("5 replicas")
                .contains("--replicas");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMinutes(1));
        assertThat(save).doesNotExist();
    }

    @Test
    void aTaskWithAGpuAddressDoesNotFallBackToTheCpu() {
        Path save = folder.resolve("save");

        SubmittedJob.Result run = TrainRun.run(
                submit(1),
                folder.resolve("train"),
                TrainRun.smallTraining(TrainRun.digits(folder), save, 1, "--replicas", "4"));

        // Without CUDA, and with a CUDA that doesn't know these two.
        assertThat(TrainRun.errorOf(run)).containsAnyOf("a GPU was asked for, and ", "Spark gave this task GPU ");
        assertThat(save.resolve("model")).doesNotExist();
    }
}
