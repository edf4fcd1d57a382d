package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.densespark.spark.harness.SparkHome;
import io.densespark.spark.harness.SparkSubmit;
import io.densespark.spark.harness.StandaloneCluster;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same job jar trains the quick demo to the same weights, bit for bit, wherever it is submitted; {@link YarnIT} adds
 * YARN. Runs on the Spark home of 3.5 and, from {@code runtime-4}, on Spark 4, beside a local cluster of 3.5.
 */
@Tag("slow")
class SameWeightsIT {
    @TempDir
    private Path folder;

    private String weightsOn(SparkSubmit submit) {
        String[] arguments = QuickDemo.arguments(
                QuickDemo.data().toString(), folder.resolve("save").toString());
        return TrainRun.weightsOf(TrainRun.resultOf(TrainRun.run(submit, folder.resolve("train"), arguments)));
    }

    @Test
    void onAStandaloneCluster() {
        try (StandaloneCluster cluster = StandaloneCluster.start(
                SparkHome.assembled(), folder.resolve("cluster"), 2, StandaloneCluster.Worker.of(1, "1g"))) {
            SparkSubmit submit =
                    SparkSubmit.to(SparkHome.assembled(), cluster.url()).properties("spark-standalone.conf");

            assertThat(weightsOn(submit)).isEqualTo(QuickDemo.weightsOnALocalCluster());
        }
    }

    @Test
    void onALocalClusterOfAnotherSpark() {
        assumeThat(SparkHome.assembled()).isNotEqualTo(SparkHome.reference());

        assertThat(weightsOn(TrainRun.onTwoExecutors())).isEqualTo(QuickDemo.weightsOnALocalCluster());
    }
}
