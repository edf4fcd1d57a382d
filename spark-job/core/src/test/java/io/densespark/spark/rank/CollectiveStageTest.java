package io.densespark.spark.rank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.collective.PortRange;
import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.libtorch.LibTorch;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.tensor.Precision;
import io.densespark.spark.JobException;
import io.densespark.spark.resources.ReplicaRequest;
import java.time.Duration;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Ranks on threads of this JVM, which connect to each other as ranks of several executors do. */
class CollectiveStageTest {
    private static final String CACHE = "org.bytedeco.javacpp.cachedir";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final ReplicaRequest REQUEST = ReplicaRequest.training(
            DenseNetSpec.bc(10, 4, 1, 10), new ImageShape(8, 8), 4, List.of(RecomputeLevel.values()), Precision.TF32);

    private static JavaSparkContext sc;
    private static String cacheBefore;

    @BeforeAll
    static void start() {
        // From now on it doesn't matter that ranks name a folder of Spark's for the library.
        LibTorch.setThreads(1);
        cacheBefore = System.getProperty(CACHE);
        sc = new JavaSparkContext(new SparkConf()
                .setMaster("local[3]")
                .setAppName("sums")
                .set("spark.authenticate", "true")
                .set("spark.authenticate.secret", "of this test")
                .set("spark.ui.enabled", "false"));
    }

    @AfterAll
    static void stop() {
        sc.stop();
        if (cacheBefore == null) {
            System.clearProperty(CACHE);
        }
    }

    private static final class Sums implements RankWork<AutoCloseable, Double> {
        @Override
        public AutoCloseable open(Rank rank) {
            return () -> {};
        }

        @Override
        public Double run(AutoCloseable session, Rank rank, ProcessGroup group) {
            return group.sum(new double[] {rank.place().rank() + 1})[0];
        }
    }

    private static List<Double> sums(PortRange ports) {
        return RankStage.of(sc, 3, new Connections(TIMEOUT, TIMEOUT, ports, false), REQUEST)
                .run(new Sums());
    }

    @Test
    void ranksSumOverAnyPorts() {
        assertThat(sums(PortRange.ANY)).containsExactly(6.0, 6.0, 6.0);
    }

    @Test
    void ranksSumOverPortsOfARange() {
        assertThat(sums(new PortRange(16384, 65535))).containsExactly(6.0, 6.0, 6.0);
    }

    @Test
    void aRangeWithoutAPortForRanksEndsTheStageBeforeAnyoneWaits() {
        assertThatThrownBy(() -> sums(new PortRange(1, 2)))
                .isInstanceOf(JobException.class)
                .hasMessageStartingWith("rank 0: ")
                .hasMessageContaining("of which the ports 1-2 have 0");
    }
}
