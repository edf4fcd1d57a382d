package io.densespark.model.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.network.StemKind;
import io.densespark.model.replica.Nets;
import io.densespark.model.replica.Replica;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Precision;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MemoryPlanTest {
    private static final ImageShape CIFAR = new ImageShape(32, 32);

    private static MemoryPlan plan(DenseNetSpec spec, int batch, RecomputeLevel level, int workers) {
        return MemoryPlan.of(new ReplicaSettings(spec, CIFAR, batch, level, workers, Device.CPU));
    }

    /** Bytes that are there once a block or layer, and grow with the images. */
    private static long keptBytes(MemoryPlan plan) {
        return plan.buffers().stream()
                .filter(buffer ->
                        buffer.id().role().part() == BufferRole.Part.BLOCK && buffer.type() == ElementType.FLOAT)
                .mapToLong(PlannedBuffer::bytes)
                .sum();
    }

    @ParameterizedTest
    @EnumSource(RecomputeLevel.class)
    void aReplicaAllocatesWhatIsPlanned(RecomputeLevel level) {
        List<DenseNetSpec> specs = List.of(
                Nets.spec(3, 10, 4, List.of(2, 2, 2)),
                Nets.spec(1, 2, 6, List.of(3)),
                new DenseNetSpec(2, 4, 5, List.of(1, 4), StemKind.SMALL, 7, 1, 2, 0));
        for (DenseNetSpec spec : specs) {
            for (int workers : new int[] {1, 2, 5}) {
                ImageShape image = new ImageShape(9, 7);
                MemoryPlan plan = MemoryPlan.of(new ReplicaSettings(spec, image, 4, level, workers, Device.CPU));
                try (Replica replica = Nets.replica(spec, image, 4, level, workers)) {
                    assertThat(replica.allocatedBytes()).isEqualTo(plan.bufferBytes());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = RecomputeLevel.class,
            names = {"ACTIVATIONS", "BOTTLENECK"})
    void memoryGrowsLinearlyWithTheLayers(RecomputeLevel level) {
        for (int layers : new int[] {8, 16, 32}) {
            for (int blocks : new int[] {1, 3}) {
                MemoryPlan once = plan(spec(layers, blocks), 64, level, 2);
                MemoryPlan twice = plan(spec(2 * layers, blocks), 64, level, 2);
                assertThat((double) keptBytes(twice) / keptBytes(once)).isBetween(1.8, 2.2);
                long parameters = ParameterLayout.of(spec(layers, blocks)).parameterCount();
                long parametersOfTwice =
                        ParameterLayout.of(spec(2 * layers, blocks)).parameterCount();
                // Parameters, gradients and velocity, in floats: quadratic, but the same for any batch.
                double rest = once.totalBytes() - 12.0 * parameters;
                assertThat((twice.totalBytes() - 12.0 * parametersOfTwice) / rest)
                        .isLessThanOrEqualTo(2.2);
            }
        }
    }

    @Test
    void eachFurtherWorkerHoldsOneWeightsGradientOnly() {
        DenseNetSpec spec = spec(16, 3);
        ParameterLayout layout = ParameterLayout.of(spec);
        for (int workers : new int[] {1, 2, 5}) {
            List<PlannedBuffer> buffers =
                    plan(spec, 64, RecomputeLevel.ACTIVATIONS, workers).buffers();
            assertThat(bytes(buffers, BufferRole.GRADIENTS)).isEqualTo(4 * layout.parameterCount());
            // The last transition's: half of the channels that it reads, to so many.
            int inputs = spec.blockOutputChannels(1);
            assertThat(bytes(buffers, BufferRole.WEIGHT_GRADIENT))
                    .isEqualTo(4L * (workers - 1) * inputs * spec.blockInputChannels(2));
        }
    }

    private static long bytes(List<PlannedBuffer> buffers, BufferRole role) {
        return buffers.stream()
                .filter(buffer -> buffer.id().role() == role)
                .mapToLong(PlannedBuffer::bytes)
                .sum();
    }

    @Test
    void keepingEverythingGrowsWithTheSquareOfTheLayers() {
        double ratio = (double) keptBytes(plan(spec(64, 1), 64, RecomputeLevel.NONE, 2))
                / keptBytes(plan(spec(32, 1), 64, RecomputeLevel.NONE, 2));
        assertThat(ratio).isGreaterThan(2.5);
    }

    private static DenseNetSpec spec(int layers, int blocks) {
        return Nets.spec(3, 10, 12, java.util.Collections.nCopies(blocks, layers));
    }

    @Test
    void eachLevelTakesLessThanTheOneBefore() {
        DenseNetSpec spec = DenseNetSpec.bc(100, 12, 3, 10);
        long none = plan(spec, 64, RecomputeLevel.NONE, 2).totalBytes();
        long activations = plan(spec, 64, RecomputeLevel.ACTIVATIONS, 2).totalBytes();
        long bottleneck = plan(spec, 64, RecomputeLevel.BOTTLENECK, 2).totalBytes();
        assertThat(activations).isLessThan(none / 2);
        assertThat(bottleneck).isLessThan(activations);
    }

    private static long onGpu(Precision precision) {
        return MemoryPlan.of(new ReplicaSettings(
                        DenseNetSpec.bc(250, 12, 3, 10),
                        new ImageShape(32, 32),
                        64,
                        RecomputeLevel.BOTTLENECK,
                        1,
                        Device.cuda(0),
                        precision))
                .totalBytes();
    }

    /** Bounds in bytes: what a GPU holds beside CUDA's own context. */
    @Test
    void aDeepNetworkIsSmallOnAGpuAndSmallerInBfloat() {
        assertThat(onGpu(Precision.FP32)).isLessThanOrEqualTo(850_000_000);
        assertThat(onGpu(Precision.TF32)).isEqualTo(onGpu(Precision.FP32));
        assertThat(onGpu(Precision.BF16)).isLessThanOrEqualTo(560_000_000);
    }

    /** What a block accumulates stays float, as do weights and their gradients, and the library needs more for itself. */
    @Test
    void inBfloatACpuNeedsAboutSevenTenths() {
        ReplicaSettings exact = new ReplicaSettings(
                DenseNetSpec.bc(100, 12, 3, 10), new ImageShape(32, 32), 64, RecomputeLevel.ACTIVATIONS, 2, Device.CPU);
        ReplicaSettings rounded =
                new ReplicaSettings(exact.spec(), exact.image(), 64, exact.level(), 2, Device.CPU, Precision.BF16);

        double share = (double) MemoryPlan.of(rounded).totalBytes()
                / MemoryPlan.of(exact).totalBytes();

        assertThat(share).isBetween(0.65, 0.75);
    }

    @Test
    void buffersHaveUniqueNamesAndTheTableHasTheirTotal() {
        MemoryPlan plan = plan(DenseNetSpec.bc(40, 12, 3, 10), 64, RecomputeLevel.ACTIVATIONS, 2);
        assertThat(plan.buffers()).extracting(PlannedBuffer::name).doesNotHaveDuplicates();
        assertThat(plan.totalBytes()).isEqualTo(plan.bufferBytes() + plan.libraryAllowance() + plan.heapTiles());
        // Two workers, nine tiles of 2,048 floats.
        assertThat(plan.heapTiles()).isEqualTo(2 * 9 * 2048 * 4);
        assertThat(plan.describe().lines())
                .anyMatch(line -> line.contains("block 1: features") && line.contains("2 x [32768, 96]"))
                .last()
                .asString()
                .contains("total", String.format(java.util.Locale.ROOT, "%.2f MB", plan.totalBytes() / 1e6));
    }

    @Test
    void slicesCoverEveryImageOnceAndNoneIsLargerThanPlanned() {
        for (int workers : new int[] {1, 2, 3, 7}) {
            ReplicaSettings settings =
                    new ReplicaSettings(spec(1, 1), CIFAR, 17, RecomputeLevel.NONE, workers, Device.CPU);
            for (int images = 0; images <= 17; images++) {
                assertThat(settings.sliceStart(images, 0)).isZero();
                assertThat(settings.sliceStart(images, workers)).isEqualTo(images);
                for (int worker = 0; worker < workers; worker++) {
                    assertThat(settings.sliceStart(images, worker + 1) - settings.sliceStart(images, worker))
                            .isBetween(0, settings.largestSlice());
                }
            }
        }
    }

    @Test
    void aBufferThatJavaCantAddressIsRefusedBeforeAnythingIsAllocated() {
        DenseNetSpec spec = DenseNetSpec.bc(100, 12, 3, 10);
        // [1024 images of 32x32, 216] is 0.9 GB, thrice that is too large for one worker, but not for three.
        assertThat(plan(spec, 3072, RecomputeLevel.ACTIVATIONS, 3).totalBytes()).isPositive();
        assertThatThrownBy(() -> plan(spec, 3072, RecomputeLevel.ACTIVATIONS, 1))
                .isInstanceOf(BatchTooLargeException.class)
                .hasMessage(
                        "a batch of 3072 images of 32x32 over 1 workers needs 2717908992 bytes of block 1: features "
                                + "[3145728, 216] for one worker, which can address 2147483647 bytes: use a smaller batch, more "
                                + "replicas, or more workers a replica");
        ReplicaSettings gpu = new ReplicaSettings(spec, CIFAR, 3072, RecomputeLevel.ACTIVATIONS, 1, Device.cuda(0));
        assertThat(MemoryPlan.of(gpu).totalBytes()).isPositive();
    }

    @Test
    void aBatchWithMorePixelsThanAnIntCountsIsRefused() {
        for (Device device : List.of(Device.CPU, Device.cuda(0))) {
            ReplicaSettings absurd =
                    new ReplicaSettings(spec(2, 2), CIFAR, Integer.MAX_VALUE, RecomputeLevel.NONE, 1, device);
            assertThatThrownBy(() -> MemoryPlan.of(absurd))
                    .isInstanceOf(BatchTooLargeException.class)
                    .hasMessageContaining("2147483647 images")
                    .hasMessageContaining("smaller batch");
        }
    }
}
