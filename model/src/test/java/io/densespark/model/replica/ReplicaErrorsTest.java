package io.densespark.model.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.ModelException;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Vector;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a replica refuses, by name, and that it is usable afterwards. */
class ReplicaErrorsTest {
    private static final DenseNetSpec SPEC = Nets.spec(1, 3, 4, List.of(1, 1));

    /** The second block's maps have a single pixel. */
    private static final ImageShape SMALLEST = new ImageShape(2, 2);

    @Test
    void oneImageWithOnePixelLeftHasNoBatchStatistics() {
        float[] pixels = Nets.pixels(SPEC, SMALLEST, 2, 1);
        try (Replica replica = Nets.replica(SPEC, SMALLEST, 2, RecomputeLevel.ACTIVATIONS, 2)) {
            Nets.initialize(replica, 1, 1);
            float[] before = replica.runningStatistics().toFloats();

            assertThatThrownBy(() -> replica.forwardBackward(pixels, new int[] {0}, 1, 2, Nets.AT_START))
                    .isInstanceOf(UndefinedStatisticsException.class)
                    .hasMessage(
                            "batch statistics are undefined, as one image with a last feature map of 1x1 gives each "
                                    + "channel a single value: train with at least 2 images a replica in every step, or larger "
                                    + "images");

            assertThat(replica.runningStatistics().toFloats()).isEqualTo(before);
            assertThat(replica.evaluate(pixels, new int[] {0}, 1).examples()).isEqualTo(1);
            assertThat(replica.forwardBackward(pixels, new int[] {0, 1}, 2, 2, Nets.AT_START)
                            .examples())
                    .isEqualTo(2);
        }
    }

    @Test
    void twoPixelsOfOneImageHaveBatchStatistics() {
        ImageShape image = new ImageShape(2, 4);
        try (Replica replica = Nets.replica(SPEC, image, 1, RecomputeLevel.ACTIVATIONS, 1)) {
            Nets.initialize(replica, 1, 1);
            BatchResult result =
                    replica.forwardBackward(Nets.pixels(SPEC, image, 1, 1), new int[] {2}, 1, 1, Nets.AT_START);
            assertThat(result.lossSum()).isFinite();
            assertThat(replica.gradients().toFloats()).doesNotContain(Float.NaN);
        }
    }

    @Test
    void aBatchLargerThanPlannedIsRefused() {
        float[] pixels = Nets.pixels(SPEC, SMALLEST, 3, 1);
        try (Replica replica = Nets.replica(SPEC, SMALLEST, 2, RecomputeLevel.ACTIVATIONS, 1)) {
            assertThatThrownBy(() -> replica.forwardBackward(pixels, new int[3], 3, 3, Nets.AT_START))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("batch of 3 images")
                    .hasMessageContaining("(2)");
            assertThatThrownBy(() -> replica.logits(pixels, 3)).isInstanceOf(ModelException.class);
        }
    }

    @Test
    void aLabelThatIsNoClassIsNamed() {
        float[] pixels = Nets.pixels(SPEC, SMALLEST, 2, 1);
        try (Replica replica = Nets.replica(SPEC, SMALLEST, 2, RecomputeLevel.ACTIVATIONS, 1)) {
            for (int wrong : new int[] {-1, 3}) {
                assertThatThrownBy(() -> replica.forwardBackward(pixels, new int[] {0, wrong}, 2, 2, Nets.AT_START))
                        .isInstanceOf(ModelException.class)
                        .hasMessageContaining("label " + wrong)
                        .hasMessageContaining("3 classes");
                assertThatThrownBy(() -> replica.evaluate(pixels, new int[] {0, wrong}, 2))
                        .isInstanceOf(ModelException.class)
                        .hasMessageContaining("label " + wrong);
            }
        }
    }

    @Test
    void tooFewPixelsNameTheShapesAndTheNumbers() {
        try (Replica replica = Nets.replica(SPEC, SMALLEST, 2, RecomputeLevel.ACTIVATIONS, 1)) {
            assertThatThrownBy(() -> replica.logits(new float[7], 2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("2x2")
                    .hasMessageContaining("8 values, not 7");
        }
    }

    @Test
    void noImagesGiveZeroGradientsAndLeaveTheRunningStatistics() {
        float[] pixels = Nets.pixels(SPEC, SMALLEST, 2, 1);
        try (Replica replica = Nets.replica(SPEC, SMALLEST, 2, RecomputeLevel.ACTIVATIONS, 2)) {
            Nets.initialize(replica, 1, 1);
            replica.forwardBackward(pixels, new int[] {0, 1}, 2, 2, Nets.AT_START);
            float[] before = replica.runningStatistics().toFloats();
            assertThat(replica.forwardBackward(new float[0], new int[0], 0, 2, Nets.AT_START))
                    .isEqualTo(BatchResult.EMPTY);
            assertThat(replica.gradients().toFloats()).containsOnly(0);
            assertThat(replica.runningStatistics().toFloats()).isEqualTo(before);
        }
    }

    @Test
    void aClosedReplicaRefusesUseAndClosesAgain() {
        Replica replica = Nets.replica(SPEC, SMALLEST, 2, RecomputeLevel.ACTIVATIONS, 2);
        Vector parameters = replica.parameters();
        replica.close();
        replica.close();
        assertThatThrownBy(parameters::toFloats).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> parameters.set(new float[parameters.length()]))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> parameters.storage().zero()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> parameters.storage().floats()).hasMessageContaining("freed");
    }

    @Test
    void settingsOutOfRangeAreNamed() {
        assertThatThrownBy(() -> settings(SMALLEST, 0, 1, Device.CPU)).hasMessageContaining("batch");
        assertThatThrownBy(() -> settings(SMALLEST, 1, 0, Device.CPU)).hasMessageContaining("workers");
        assertThatThrownBy(() -> settings(SMALLEST, 2, 2, Device.cuda(1))).hasMessageContaining("cuda:1");
        assertThatThrownBy(() -> settings(new ImageShape(1, 9), 2, 2, Device.CPU))
                .hasMessageContaining("1x9")
                .hasMessageContaining("at least 2x2");
        assertThatThrownBy(() -> new Device(Device.Kind.CPU, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static ReplicaSettings settings(ImageShape image, int batch, int workers, Device device) {
        return new ReplicaSettings(SPEC, image, batch, RecomputeLevel.NONE, workers, device);
    }
}
