package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.data.fixture.Digits;
import io.densespark.spark.harness.SparkHome;
import io.densespark.spark.harness.SparkSubmit;
import io.densespark.spark.harness.SubmittedJob;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests on which Spark itself would hang or fail late: refused before it starts, so that nothing is left behind. */
class RefusedRequestsIT {
    @TempDir
    private Path folder;

    private String errorOf(SparkSubmit submit, String... more) {
        Path save = folder.resolve("save");
        SubmittedJob.Result run = TrainRun.run(
                submit,
                folder.resolve("train"),
                TrainRun.smallTraining(Digits.prepareFirst(folder, 400, 10), save, 1, more));
        assertThat(run.stderr()).doesNotContain("Running Spark version");
        assertThat(save).doesNotExist();
        return TrainRun.errorOf(run);
    }

    @Test
    void gpusOfALocalMaster() {
        assertThat(errorOf(SparkSubmit.to(SparkHome.assembled(), "local[2]")
                        .conf("spark.executor.resource.gpu.amount", "1")
                        .conf("spark.task.resource.gpu.amount", "1")))
                .contains("master local[2] gives tasks no GPUs")
                .contains("leave out spark.task.resource.gpu.amount");
    }

    @Test
    void dynamicAllocationWithABarrier() {
        assertThat(errorOf(TrainRun.onTwoExecutors().conf("spark.dynamicAllocation.enabled", "true")))
                .contains("barrier stage")
                .contains("--conf spark.dynamicAllocation.enabled=false");
    }

    @Test
    void moreReplicasThanTheExecutorsCanRun() {
        assertThat(errorOf(TrainRun.onTwoExecutors(), "--replicas", "5"))
                .contains("5 replicas are asked for")
                .contains("at most 2 at once")
                .contains("--master local-cluster[EXECUTORS,CORES,MB]");
    }
}
