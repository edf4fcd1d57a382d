package io.densespark.spark.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.spark.barrier.BarrierProbeJob;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real master with two real workers. */
@Tag("slow")
class StandaloneClusterIT {

    private static final Pattern EXECUTORS = Pattern.compile("executor pids (\\d+) (\\d+)");

    @TempDir
    private Path folder;

    @Test
    void twoExecutorsRunAJobWithAGpuEachAndAreGoneAfterwards() {
        StandaloneCluster.Worker withGpu =
                DiscoveryScript.write(folder.resolve("one-gpu.sh"), "0").worker(1, "1g");
        SubmittedJob.Result result;
        try (StandaloneCluster cluster =
                        StandaloneCluster.start(SparkHome.assembled(), folder.resolve("cluster"), 2, withGpu);
                SubmittedJob job = SparkSubmit.to(SparkHome.assembled(), cluster.url())
                        .conf("spark.cores.max", "2")
                        .conf("spark.executor.cores", "1")
                        .conf("spark.executor.memory", "1g")
                        .conf("spark.executor.resource.gpu.amount", "1")
                        .conf("spark.task.resource.gpu.amount", "1")
                        .testJob(BarrierProbeJob.class)
                        .start(folder.resolve("job"))) {
            result = job.await(Duration.ofMinutes(3));
            assertThat(cluster.executorFolders(0)).isNotEmptyDirectory();
        }

        assertThat(result.exitStatus()).as(result.stderr()).isZero();
        Matcher executors = EXECUTORS.matcher(result.stdout());
        assertThat(executors.find()).as(result.stdout()).isTrue();
        assertThat(executors.group(1)).isNotEqualTo(executors.group(2));
        for (int i = 1; i <= 2; i++) {
            assertThat(ProcessHandle.of(Long.parseLong(executors.group(i))).filter(ProcessHandle::isAlive))
                    .isEmpty();
        }
    }
}
