package io.densespark.spark.barrier;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.spark.harness.SparkHome;
import io.densespark.spark.harness.SparkSubmit;
import io.densespark.spark.harness.SubmittedJob;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link BarrierJob} out of the job jar, with executors that are processes of their own. */
@Tag("slow")
class BarrierJobIT {

    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    private Path folder;

    @Test
    void eachRankRunsInAnExecutorOfItsOwn() {
        SubmittedJob.Result result = run();

        assertThat(result.exitStatus()).as(result.stderr()).isZero();
        assertThat(result.stdout())
                .containsPattern("executor pids \\d+ \\d+")
                .contains("result of rank 0")
                .contains("result of rank 1");
        assertThat(pids(result.stdout())).doesNotHaveDuplicates().hasSize(3);
    }

    @Test
    void aRanksValueIsSeenThoughItsPeerFailsAtOnce() {
        SubmittedJob.Result result = run("fail");

        assertThat(result.exitStatus()).as(result.stderr()).isEqualTo(7);
        assertThat(result.stdout())
                .contains("result of rank 0")
                .contains("failure 1 EXCEPTION java.io.IOException: peer is gone")
                .doesNotContain("result of rank 1");
    }

    @Test
    void anExecutorThatDiesIsReportedAsLost() {
        SubmittedJob.Result result = run("die");

        assertThat(result.exitStatus()).as(result.stderr()).isEqualTo(7);
        assertThat(result.stdout()).contains("failure 1 EXECUTOR_LOST -");
    }

    private SubmittedJob.Result run(String... arguments) {
        try (SubmittedJob job = SparkSubmit.toLocalCluster(SparkHome.assembled(), 2)
                .testJob(BarrierProbeJob.class)
                .start(folder, arguments)) {
            return job.await(LIMIT);
        }
    }

    private static java.util.List<String> pids(String stdout) {
        return stdout.lines()
                .filter(line -> line.contains("pid"))
                .flatMap(line -> java.util.Arrays.stream(line.split(" ")).filter(word -> word.matches("\\d+")))
                .toList();
    }
}
