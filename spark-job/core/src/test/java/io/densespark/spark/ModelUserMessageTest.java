package io.densespark.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.replica.UndefinedStatisticsException;
import io.densespark.model.tensor.AllocationException;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.NoSuchGpuException;
import org.junit.jupiter.api.Test;

/** Errors of the modules in the words of the job. */
class ModelUserMessageTest {
    @Test
    void aSliceThatNoBufferHoldsNamesTheOptionsThatMakeItSmaller() {
        ReplicaSettings settings = new ReplicaSettings(
                DenseNetSpec.bc(100, 12, 3, 10), new ImageShape(32, 32), 3072, RecomputeLevel.NONE, 1, Device.CPU);
        assertThat(UserMessage.of(catchThrowable(() -> MemoryPlan.of(settings))))
                .isEqualTo("a batch of 3072 images of 32x32 over 1 workers needs 2717908992 bytes of block 1: features "
                        + "[3145728, 216] for one worker, which can address 2147483647 bytes: use a smaller --batch-size, "
                        + "more --replicas, or more cores a replica (spark.task.cpus)");
    }

    @Test
    void tooLittleMemoryNamesTheOptionsThatTakeLess() {
        Throwable error = new AllocationException(4096, Device.cuda(1), "out of memory", new RuntimeException("it is"));
        assertThat(UserMessage.of(error))
                .isEqualTo("no memory for 4096 bytes on cuda:1 (out of memory): use a smaller --batch-size or more "
                        + "--replicas");
    }

    @Test
    void aChannelWithASingleValueNamesTheBatchSize() {
        assertThat(UserMessage.of(new UndefinedStatisticsException(new ImageShape(1, 1))))
                .isEqualTo("batch statistics are undefined, as one image with a last feature map of 1x1 gives each "
                        + "channel a single value: train with at least 2 images a replica in every step (change --batch-size) or "
                        + "larger images");
    }

    @Test
    void aGpuThatCudaDoesntSeeSuspectsTheDiscoveryScript() {
        assertThat(UserMessage.of(new NoSuchGpuException(Device.cuda(3), 2)))
                .isEqualTo(
                        "Spark gave this task GPU 3, but CUDA sees 2 devices here: check the driver and the discovery "
                                + "script's addresses on this machine");
    }
}
