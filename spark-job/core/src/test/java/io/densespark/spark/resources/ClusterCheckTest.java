package io.densespark.spark.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.spark.JobException;
import java.util.OptionalInt;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterCheckTest {
    private static SparkConf conf(String master, String... settings) {
        SparkConf conf = new SparkConf(false).setMaster(master);
        for (String setting : settings) {
            String[] parts = setting.split("=", 2);
            conf.set(parts[0], parts[1]);
        }
        return conf;
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "local[2]", "local[*]", "local[2,3]"})
    void aLocalMasterHasNoGpus(String master) {
        for (String setting : new String[] {"spark.task.resource.gpu.amount", "spark.executor.resource.gpu.amount"}) {
            assertThatThrownBy(() -> ClusterCheck.requireNoGpusOnLocalMaster(conf(master, setting + "=1")))
                    .isInstanceOf(JobException.class)
                    .hasMessageContaining("master " + master)
                    .hasMessageContaining("leave out " + setting);
        }
        assertThatCode(() -> ClusterCheck.requireBarrier(conf(master), OptionalInt.empty()))
                .doesNotThrowAnyException();
    }

    @Test
    void theWorkersOfALocalClusterHaveTheGpusThatTheyWereGiven() {
        String master = "local-cluster[2,1,1024]";
        assertThatThrownBy(
                        () -> ClusterCheck.requireNoGpusOnLocalMaster(conf(master, "spark.task.resource.gpu.amount=1")))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("leave out spark.task.resource.gpu.amount")
                .hasMessageContaining("or give the workers here theirs (spark.worker.resource.gpu.amount and ");
        assertThatCode(() -> ClusterCheck.requireNoGpusOnLocalMaster(
                        conf(master, "spark.task.resource.gpu.amount=1", "spark.worker.resource.gpu.amount=1")))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "local-cluster[2,1,1024]|spark.task.cpus=2",
                "yarn|spark.executor.cores=2 spark.task.cpus=4",
                "spark://host:7077|spark.cores.max=8 spark.executor.cores=1 spark.task.cpus=2",
            })
    void anExecutorWithoutRoomForAReplicaIsRefused(String master, String settings) {
        assertThatThrownBy(() -> ClusterCheck.requireBarrier(conf(master, settings.split(" ")), OptionalInt.empty()))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("no executor of these settings has room for a replica")
                .hasMessageContaining("master " + master)
                .hasMessageContaining("set spark.task.cpus no higher than an executor's cores");
    }

    @Test
    void aClusterMayHaveGpus() {
        assertThatCode(() -> ClusterCheck.requireBarrier(
                        conf(
                                "spark://host:7077",
                                "spark.task.resource.gpu.amount=1",
                                "spark.executor.resource.gpu.amount=2"),
                        OptionalInt.of(9)))
                .doesNotThrowAnyException();
    }

    @Test
    void replicasDoNotShareAGpu() {
        assertThatThrownBy(() -> ClusterCheck.requireBarrier(
                        conf("yarn", "spark.task.resource.gpu.amount=0.5", "spark.executor.resource.gpu.amount=1"),
                        OptionalInt.empty()))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("spark.task.resource.gpu.amount is 0.5")
                .hasMessageContaining("set it to 1");
    }

    @Test
    void dynamicAllocationIsRefusedWhereSparkTakesItSeriously() {
        assertThatThrownBy(() -> ClusterCheck.requireBarrier(
                        conf("yarn", "spark.dynamicAllocation.enabled=true"), OptionalInt.empty()))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("spark.dynamicAllocation.enabled=false")
                .hasMessageContaining("--num-executors");
        assertThatCode(() -> ClusterCheck.requireBarrier(
                        conf("local[2]", "spark.dynamicAllocation.enabled=true"), OptionalInt.empty()))
                .doesNotThrowAnyException();
    }

    /** What Spark's own arithmetic gives such executors. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "yarn||2",
                "yarn|spark.executor.instances=3|3",
                "yarn|spark.executor.instances=3 spark.executor.cores=4 spark.task.cpus=2|6",
                "k8s://https://host|spark.executor.instances=2 spark.executor.cores=5 spark.task.cpus=2|4",
                "yarn|spark.executor.cores=8 spark.executor.resource.gpu.amount=2 spark.task.resource.gpu.amount=1|4",
                "spark://host:7077|spark.cores.max=5 spark.task.cpus=2|2",
                "spark://host:7077|spark.cores.max=10 spark.executor.cores=4|8",
                "spark://host:7077|spark.cores.max=8 spark.executor.cores=4 spark.executor.resource.gpu.amount=1 "
                        + "spark.task.resource.gpu.amount=1|2",
                "local-cluster[2,3,1024]||6",
                "local-cluster[2,3,1024]|spark.cores.max=2|2",
                "local-cluster[2,3,1024]|spark.task.cpus=2|2",
            })
    void moreReplicasThanTheExecutorsCanRunAreRefused(String master, String settings, int most) {
        SparkConf conf = conf(master, settings == null ? new String[0] : settings.split(" "));

        assertThat(ClusterCheck.mostSlots(conf)).hasValue(most);
        assertThatCode(() -> ClusterCheck.requireBarrier(conf, OptionalInt.of(most)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> ClusterCheck.requireBarrier(conf, OptionalInt.of(most + 1)))
                .isInstanceOf(JobException.class)
                .hasMessageContaining((most + 1) + " replicas are asked for")
                .hasMessageContaining("at most " + most)
                .hasMessageContaining("master " + master)
                .hasMessageContaining("--replicas");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spark.authenticate",
                "spark.network.crypto.enabled",
                "spark.authenticate.enableSaslEncryption",
                "spark.ssl.rpc.enabled"
            })
    void gradientsDoNotTravelOpenlyWhereSparkProtectsItsOwnConnections(String setting) {
        assertThatThrownBy(() -> ClusterCheck.requireNoProtection(conf("yarn", setting + "=true")))
                .isInstanceOf(JobException.class)
                .hasMessageStartingWith(setting + " protects Spark's own connections")
                .hasMessageContaining("gradients, losses and batch statistics")
                .hasMessageContaining("neither authenticated nor encrypted")
                .hasMessageContaining("--allow-plain-gradients")
                .hasMessageContaining("--replicas 1");
        assertThatCode(() -> ClusterCheck.requireNoProtection(conf("yarn", setting + "=false")))
                .doesNotThrowAnyException();
        assertThatCode(() -> ClusterCheck.requireNoProtection(conf("local[2]", setting + "=true")))
                .doesNotThrowAnyException();
    }

    @Test
    void protectedWebPagesAndFilesSayNothingOfConnectionsBetweenExecutors() {
        assertThatCode(() -> ClusterCheck.requireNoProtection(
                        conf("yarn", "spark.ssl.enabled=true", "spark.io.encryption.enabled=true")))
                .doesNotThrowAnyException();
    }

    @Test
    void aStandaloneClusterWithoutALimitIsAsked() {
        assertThat(ClusterCheck.mostSlots(conf("spark://host:7077", "spark.executor.cores=1")))
                .isEmpty();
        assertThat(ClusterCheck.mostSlots(conf("local[2]"))).isEmpty();
    }
}
