package io.densespark.spark.resources;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.spark.platform.AvailableMemory;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

/** What an executor may use outside its heap, by Spark's own rules. */
class MemoryBudgetTest {
    private static final long MIB = 1 << 20;

    private static SparkConf conf(String master, String... settings) {
        SparkConf conf = new SparkConf(false).set("spark.master", master);
        for (int i = 0; i < settings.length; i += 2) {
            conf.set(settings[i], settings[i + 1]);
        }
        return conf;
    }

    private static long overhead(SparkConf conf) {
        long bytes = MemoryBudget.ofClusterManager(conf, 1).orElseThrow().bytes();
        return (bytes + MemoryBudget.JAVA_BYTES) / MIB;
    }

    @Test
    void withoutSettingsItIsSparksLeast() {
        assertThat(overhead(conf("yarn"))).isEqualTo(384);
        assertThat(overhead(conf("k8s://https://there:6443", "spark.executor.memory", "2g")))
                .isEqualTo(384);
        assertThat(overhead(conf("yarn", "spark.executor.minMemoryOverhead", "1g")))
                .isEqualTo(1024);
    }

    @Test
    void ofALargeHeapItIsAShare() {
        assertThat(overhead(conf("yarn", "spark.executor.memory", "20g"))).isEqualTo(2048);
        assertThat(overhead(conf("yarn", "spark.executor.memory", "10g", "spark.executor.memoryOverheadFactor", "0.5")))
                .isEqualTo(5120);
        String[] kubernetes = {"spark.executor.memory", "10g", "spark.kubernetes.memoryOverheadFactor", "0.4"};
        assertThat(overhead(conf("k8s://https://there:6443", kubernetes))).isEqualTo(4096);
        assertThat(overhead(conf("yarn", kubernetes))).isEqualTo(1024);
    }

    @Test
    void whatIsSetCountsWithOrWithoutUnit() {
        assertThat(overhead(conf("yarn", "spark.executor.memoryOverhead", "3g")))
                .isEqualTo(3072);
        assertThat(overhead(conf("yarn", "spark.executor.memoryOverhead", "700")))
                .isEqualTo(700);
    }

    @Test
    void replicasOfAnExecutorAreItsTasksButNoMoreThanTheJobHas() {
        String[] cores = {"spark.executor.cores", "8", "spark.task.cpus", "2", "spark.executor.memoryOverhead", "4000m"
        };
        MemoryBudget four =
                MemoryBudget.ofClusterManager(conf("yarn", cores), 16).orElseThrow();
        assertThat(four.replicas()).isEqualTo(4);
        assertThat(four.share()).isEqualTo(1000 * MIB - MemoryBudget.JAVA_BYTES / 4);
        assertThat(MemoryBudget.ofClusterManager(conf("yarn", cores), 3)
                        .orElseThrow()
                        .replicas())
                .isEqualTo(3);
    }

    @Test
    void elsewhereAndOnGpusTheDriverKnowsNothing() {
        assertThat(MemoryBudget.ofClusterManager(conf("local[2]"), 2)).isEmpty();
        assertThat(MemoryBudget.ofClusterManager(conf("spark://there:7077"), 2)).isEmpty();
        assertThat(MemoryBudget.ofClusterManager(conf("yarn", "spark.task.resource.gpu.amount", "1"), 2))
                .isEmpty();
    }

    @Test
    void anOverheadThatJavaTakesWholeLeavesNothing() {
        SparkConf conf = conf("yarn", "spark.executor.memoryOverhead", "200m");
        assertThat(MemoryBudget.ofClusterManager(conf, 1).orElseThrow().bytes()).isZero();
    }

    @Test
    void replicasOfAllProcessesShareWhatTheMachineHadAtTheStart() {
        AvailableMemory start = new AvailableMemory(8 * MIB, 100 * MIB);
        AvailableMemory oneHasTakenItsPart = new AvailableMemory(6 * MIB, 100 * MIB);
        MemoryBudget budget = MemoryBudget.ofMachine(start, oneHasTakenItsPart, 1, 4);
        assertThat(budget.share()).isEqualTo(2 * MIB);
        assertThat(budget.describe()).isEqualTo("this machine has left 8 MB for 4 replicas");
    }

    @Test
    void whatIsLeftNowMustDoForTheReplicasOfThisProcess() {
        AvailableMemory start = new AvailableMemory(8 * MIB, 100 * MIB);
        assertThat(MemoryBudget.ofMachine(start, new AvailableMemory(3 * MIB, 100 * MIB), 2, 2)
                        .share())
                .isEqualTo(3 * MIB / 2);
        MemoryBudget container = MemoryBudget.ofMachine(start, new AvailableMemory(6 * MIB, 2 * MIB), 2, 2);
        assertThat(container.share()).isEqualTo(MIB);
        assertThat(container.describe()).isEqualTo("this container has left 2 MB for 2 replicas");
    }
}
