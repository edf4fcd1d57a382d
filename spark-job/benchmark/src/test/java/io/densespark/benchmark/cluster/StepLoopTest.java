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
import io.densespark.model.weights.NamedTensor;
import io.densespark.spark.store.CheckpointStore;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepLoopTest {
    private static ClusterBenchmarkSettings settings(int checkpointSteps) {
        return new ClusterBenchmarkSettings(
                "densenet-bc-40-12",
                Preset.of("densenet-bc-40-12").spec(),
                8,
                List.of(1),
                Scaling.WEAK,
                3,
                List.of(RecomputeLevel.BOTTLENECK),
                Precision.TF32,
                4,
                2,
                1,
                checkpointSteps);
    }

    @Test
    void asManyStepsAreTakenWithCheckpointsThatTrainingCouldGoOnFrom(@TempDir java.nio.file.Path folder)
            throws Exception {
        ClusterBenchmarkSettings settings = settings(2);
        Path place = new Path(folder.toUri());
        Configuration conf = new Configuration();
        Backend backend = LibTorch.open();
        SingleReplica group = new SingleReplica();
        try (Replica replica = Replica.create(settings.replica(1).settings(1, Device.CPU), backend);
                TemporaryCheckpoints checkpoints = new TemporaryCheckpoints(place, conf, replica, group)) {
            HeInitializer.initialize(replica, 1);

            StepLoop.Compared times = new StepLoop(settings, replica, backend.kernels(), group)
                    .run(SyntheticImages.of(settings.spec(), settings.imageSize(), 1), checkpoints, 2);

            assertThat(times.plain()).hasSize(4);
            assertThat(times.checkpointed()).hasSize(4);
            CheckpointStore store = new CheckpointStore(place, conf);
            CheckpointStore.Complete newest = store.newest().orElseThrow();
            // After two steps of warm-up, one block without and one with.
            assertThat(newest.folder()).isEqualTo(CheckpointStore.folderName(0, 6, "benchmark"));
            Map<String, NamedTensor> state = store.readState(newest);
            long values = state.values().stream()
                    .mapToLong(tensor -> tensor.values().length)
                    .sum();
            // Parameters, their velocities, and running statistics as the mean and as the rank's own.
            assertThat(values)
                    .isEqualTo(2 * replica.layout().parameterCount()
                            + 2 * replica.layout().runningCount());
            assertThat(checkpoints.bytes()).isBetween(4 * values, 4 * values + 100_000);
        }
    }

    @Test
    void theStepsAfterTheWarmUpAreTimedPhaseByPhase() throws Exception {
        ClusterBenchmarkSettings settings = settings(0);
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
