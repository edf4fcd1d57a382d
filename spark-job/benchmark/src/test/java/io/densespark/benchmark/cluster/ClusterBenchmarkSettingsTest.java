package io.densespark.benchmark.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.benchmark.cluster.ClusterBenchmarkSettings.Scaling;
import io.densespark.model.ModelException;
import io.densespark.model.network.Preset;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.tensor.Precision;
import io.densespark.spark.JobException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterBenchmarkSettingsTest {
    private static final String NETWORK = "densenet-bc-40-12";
    private static final List<RecomputeLevel> LEVELS = List.of(RecomputeLevel.NONE);

    private static ClusterBenchmarkSettings settings(List<Integer> replicas, Scaling scaling, int batch) {
        return new ClusterBenchmarkSettings(
                NETWORK, Preset.of(NETWORK).spec(), 32, replicas, scaling, batch, LEVELS, Precision.TF32, 10, 3, 1, 0);
    }

    @Test
    void weakScalingKeepsAReplicasBatch() {
        ClusterBenchmarkSettings settings = settings(List.of(4, 1, 2, 4), Scaling.WEAK, 16);

        assertThat(settings.replicas()).containsExactly(1, 2, 4);
        assertThat(settings.globalBatch(4)).isEqualTo(64);
        assertThat(settings.replica(4).batch()).isEqualTo(16);
    }

    @Test
    void strongScalingKeepsTheGlobalBatchAndTheLargestShareMustFit() {
        ClusterBenchmarkSettings settings = settings(List.of(1, 3), Scaling.STRONG, 64);

        assertThat(settings.globalBatch(3)).isEqualTo(64);
        assertThat(settings.replica(1).batch()).isEqualTo(64);
        assertThat(settings.replica(3).batch()).isEqualTo(22);
    }

    @Test
    void whatIsOutOfRangeIsNamed() {
        assertThatThrownBy(() -> settings(List.of(), Scaling.WEAK, 1))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("setting replicas is empty");
        assertThatThrownBy(() -> settings(List.of(2, 0), Scaling.WEAK, 1))
                .hasMessage("setting replicas 0: must be at least 1");
        assertThatThrownBy(() -> settings(List.of(1), Scaling.WEAK, 0))
                .hasMessage("setting batch-per-replica 0: must be at least 1");
        assertThatThrownBy(() -> settings(List.of(1, 3), Scaling.STRONG, 2))
                .hasMessageContaining("setting global-batch 2")
                .hasMessageContaining("3 replicas");
        assertThatThrownBy(() -> settings(List.of(1), Scaling.WEAK, Integer.MAX_VALUE))
                .hasMessageContaining("steps 10")
                .hasMessageContaining("warm-up 3");
        assertThatThrownBy(() -> new ClusterBenchmarkSettings(
                        "large",
                        Preset.of("densenet-121").spec(),
                        4,
                        List.of(1),
                        Scaling.WEAK,
                        1,
                        LEVELS,
                        Precision.TF32,
                        1,
                        0,
                        1,
                        0))
                .isInstanceOf(ModelException.class);
    }
}
