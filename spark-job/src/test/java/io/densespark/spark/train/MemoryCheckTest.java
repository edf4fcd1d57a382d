package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.memory.Device;
import io.densespark.model.memory.MemoryPlan;
import io.densespark.model.memory.RecomputeLevel;
import io.densespark.model.memory.ReplicaSettings;
import io.densespark.model.spec.DenseNetSpec;
import io.densespark.model.spec.ImageShape;
import io.densespark.spark.JobException;
import org.junit.jupiter.api.Test;

class MemoryCheckTest {
    private static ReplicaSettings replica(int batch) {
        return new ReplicaSettings(
                DenseNetSpec.bc(22, 8, 1, 10),
                new ImageShape(28, 28),
                batch,
                RecomputeLevel.ACTIVATIONS,
                2,
                Device.CPU);
    }

    @Test
    void aPlanThatFitsExactlyPasses() {
        long needed = MemoryPlan.of(replica(64)).totalBytes();

        assertThatCode(() -> MemoryCheck.requireFits(replica(64), needed)).doesNotThrowAnyException();
        assertThatThrownBy(() -> MemoryCheck.requireFits(replica(64), needed - 1))
                .isInstanceOf(JobException.class);
    }

    @Test
    void theLargestBatchThatFitsIsNamed() {
        long available = MemoryPlan.of(replica(20)).totalBytes();

        assertThat(MemoryCheck.largestBatch(replica(64), available)).isEqualTo(20);
        assertThatThrownBy(() -> MemoryCheck.requireFits(replica(64), available))
                .hasMessageContaining("64 images")
                .hasMessageContaining("at most 20 images a replica fit")
                .hasMessageContaining("--batch-size");
    }

    @Test
    void aMachineOnWhichNothingFitsIsToldSo() {
        assertThatThrownBy(() -> MemoryCheck.requireFits(replica(64), 1000)).hasMessageContaining("not even one image");
    }
}
