package io.densespark.spark.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Precision;
import io.densespark.spark.JobException;
import io.densespark.spark.resources.MemoryBudget.Source;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplicaRequestTest {
    private static final DenseNetSpec SPEC = DenseNetSpec.bc(22, 8, 1, 10);
    private static final ImageShape IMAGE = new ImageShape(28, 28);
    private static final ReplicaRequest TRAINING =
            ReplicaRequest.training(SPEC, IMAGE, 64, List.of(RecomputeLevel.values()), Precision.BF16);
    private static final ReplicaRequest EVALUATION = ReplicaRequest.evaluation(SPEC, IMAGE, 64);

    private static long bytes(ReplicaRequest request, RecomputeLevel level) {
        return MemoryPlan.of(request.settings(level, 1, Device.CPU)).totalBytes();
    }

    private static MemoryBudget machine(long bytes) {
        return new MemoryBudget(bytes, 1, Source.MACHINE);
    }

    @Test
    void trainingKeepsItsImagesAndGoesDownTheLevels() {
        ReplicaRequest less = TRAINING.within(machine(bytes(TRAINING, RecomputeLevel.NONE) - 1), 1, Device.CPU);
        assertThat(less.batch()).isEqualTo(64);
        assertThat(less.levels()).containsExactly(RecomputeLevel.ACTIVATIONS, RecomputeLevel.BOTTLENECK);
        assertThat(less.settings(1, Device.CPU).level()).isEqualTo(RecomputeLevel.ACTIVATIONS);
    }

    @Test
    void evaluationKeepsItsLevelAndTakesFewerImagesAtATime() {
        long all = bytes(EVALUATION, RecomputeLevel.BOTTLENECK);
        assertThat(EVALUATION.within(machine(all), 1, Device.CPU)).isEqualTo(EVALUATION);
        ReplicaRequest less = EVALUATION.within(machine(all - 1), 1, Device.CPU);
        assertThat(less.batch()).isEqualTo(63);
        assertThat(less.levels()).containsExactly(RecomputeLevel.BOTTLENECK);
    }

    @Test
    void whatFitsNowhereIsRefused() {
        assertThatThrownBy(() -> TRAINING.within(machine(1000), 1, Device.CPU))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("a replica of a single image needs");
        assertThatThrownBy(() -> EVALUATION.within(machine(1000), 1, Device.CPU))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("evaluating one image at a time needs");
    }
}
