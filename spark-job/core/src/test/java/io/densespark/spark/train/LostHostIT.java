package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.densespark.spark.harness.SparkHome;
import io.densespark.spark.harness.SparkSubmit;
import io.densespark.spark.harness.StandaloneCluster;
import io.densespark.spark.harness.StandaloneCluster.Worker;
import io.densespark.spark.harness.SubmittedJob;
import io.densespark.spark.harness.TwoHosts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host that the others don't hear of any more, while all connections to it stay open. */
@Tag("slow")
class LostHostIT {
    private static final int EPOCHS = 4;

    /** Of master and workers: these send word four times as often. */
    private static final Map<String, String> WORKER_TIMEOUT = Map.of("spark.worker.timeout", "12");

    private static final Worker ONE_CORE = new Worker(1, "1g", WORKER_TIMEOUT);

    /** From the last packet until the driver says which rank is lost; {@code --peer-timeout} is 4 s. */
    private static final Duration BOUND = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private Path data;

    @Test
    void aHostWhosePacketsAreLostIsNamedAndReplacedAndTheWeightsAreTheSame() throws Exception {
        assumeTrue(TwoHosts.arePossible(), "network namespaces take root and the program ip");
        data = TrainRun.digits(folder);
        SparkHome spark = SparkHome.assembled();
        try (TwoHosts hosts = TwoHosts.make();
                StandaloneCluster cluster = StandaloneCluster.start(
                        spark, folder.resolve("cluster"), hosts.near(), WORKER_TIMEOUT, 1, ONE_CORE)) {
            cluster.addWorker(hosts.far(), ONE_CORE);
            String weights;
            try (SubmittedJob calm = submit(spark, cluster, hosts, "calm")) {
                weights = TrainRun.weightsOf(TrainRun.resultOf(calm.await(TrainRun.LIMIT)));
            }
            try (SubmittedJob job = submit(spark, cluster, hosts, "cut")) {
                Checkpoints.awaitFirst(folder.resolve("cut"), job);
                hosts.losePackets();
                long cut = System.nanoTime();
                while (!job.stdout().contains("lost replicas (")) {
                    assertThat(job.isRunning()).as(job.stdout() + job.stderr()).isTrue();
                    Thread.sleep(50);
                }
                assertThat(Duration.ofNanos(System.nanoTime() - cut)).isLessThan(BOUND);
                cluster.addWorker(hosts.near(), ONE_CORE);
                SubmittedJob.Result ended = job.await(TrainRun.LIMIT);

                assertThat(TrainRun.weightsOf(TrainRun.resultOf(ended))).isEqualTo(weights);
                assertThat(ended.stdout())
                        .containsPattern("lost replicas \\(.*rank [01] has been silent for 4 s: its process is frozen");
            }
        }
    }

    private SubmittedJob submit(SparkHome spark, StandaloneCluster cluster, TwoHosts hosts, String name) {
        List<String> arguments = TrainRun.smallTraining(
                data, folder.resolve(name), EPOCHS, "--checkpoint-steps", "3", "--peer-timeout", "4");
        return SparkSubmit.to(spark, cluster.url())
                .on(hosts.near())
                .conf("spark.executor.cores", "1")
                .conf("spark.executor.memory", "1g")
                .conf("spark.cores.max", "2")
                .conf("spark.network.timeout", "12s")
                .conf("spark.network.timeoutInterval", "4s")
                .conf("spark.executor.heartbeatInterval", "2s")
                .start(folder.resolve("job-" + name), arguments.toArray(String[]::new));
    }
}
