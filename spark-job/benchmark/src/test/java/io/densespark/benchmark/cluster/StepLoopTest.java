package io.densespark.benchmark.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.benchmark.cluster.ClusterBenchmarkSettings.Scaling;
import io.densespark.model.collective.SingleReplica;
import io.densespark.model.kernels.Backend;
import io.densespark.model.libtorch.LibTorch;
import io.densespark.model.network.Preset;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.replica.Replica;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Precision;
import io.densespark.model.weights.HeInitializer;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepLoopTest {
    @Test
    void theStepsAfterTheWarmUpAreTimedPhaseByPhase() throws Exception {
        RecomputeLevel level = RecomputeLevel.BOTTLENECK;
        ClusterBenchmarkSettings settings = new ClusterBenchmarkSettings(
                "densenet-bc-40-12",
                Preset.of("densenet-bc-40-12").spec(),
                8,
                List.of(1),
                Scaling.WEAK,
                3,
                List.of(level),
                Precision.TF32,
                4,
                2);
        Backend backend = LibTorch.open();
        try (Replica replica = Replica.create(settings.replica(1).settings(1, Device.CPU), backend)) {
            HeInitializer.initialize(replica, 1);
            float[] before = replica.parameters().toFloats();
            SingleReplica group = new SingleReplica();

            List<StepTimes> times = new StepLoop(settings, replica, backend.kernels(), group)
                    .run(SyntheticImages.of(settings.spec(), settings.imageSize(), 1));

            assertThat(times).hasSize(4);
            for (StepTimes step : times) {
                assertThat(step.forward()).isPositive();
                assertThat(step.recompute()).isPositive();
                assertThat(step.backward()).isPositive();
                assertThat(step.optimizer()).isPositive();
                assertThat(step.dataWait()).isNotNegative();
                assertThat(step.other()).isNotNegative();
            }
            assertThat(replica.parameters().toFloats()).isNotEqualTo(before);
            assertThat(AllReduceSweep.run(backend, group)).isEmpty();
        }
    }
}
