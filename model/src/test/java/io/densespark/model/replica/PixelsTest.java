package io.densespark.model.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.tensor.ByteTable;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Images as bytes against the floats that they stand for. */
class PixelsTest {
    private static final DenseNetSpec SPEC = Nets.spec(3, 4, 5, List.of(2, 2));
    /** More values than are looked up at a time, in images of which each worker has its own. */
    private static final ImageShape IMAGE = new ImageShape(36, 28);

    private static final int BATCH = 5;
    private static final float[] UNWEIGHTED = {};

    @Test
    void bytesTrainAndEvaluateAsTheFloatsThatTheyStandFor() {
        ImageBytes images = ImageBytes.of(SPEC.inputChannels(), BATCH * IMAGE.pixels(), 7);
        int[] labels = Nets.labels(SPEC, BATCH, 3);
        try (Replica replica = Nets.replica(SPEC, IMAGE, BATCH, RecomputeLevel.ACTIVATIONS, 2)) {
            Nets.initialize(replica, 5, 1);
            for (int count : new int[] {BATCH, 3}) {
                float[] expectedOutputs = replica.logits(images.floats(), count);
                float[] outputs = replica.logits(images.pixels(), count);
                assertThat(outputs).isEqualTo(expectedOutputs);

                replica.forwardBackward(images.floats(), labels, count, count, Nets.AT_START);
                float[] expected = replica.gradients().toFloats();
                replica.begin(images.pixels(), labels, UNWEIGHTED, count, count, Nets.AT_START)
                        .await();
                assertThat(replica.gradients().toFloats()).isEqualTo(expected);
            }
        }
    }

    @Test
    void tooFewBytesAndHalfATableAreRefused() {
        ImageBytes images = ImageBytes.of(SPEC.inputChannels(), IMAGE.pixels() - 1, 7);
        try (Replica replica = Nets.replica(SPEC, IMAGE, BATCH, RecomputeLevel.ACTIVATIONS, 1)) {
            assertThatThrownBy(() -> replica.logits(images.pixels(), 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not " + (IMAGE.pixels() - 1) * 3);
        }
        assertThatThrownBy(() -> new ByteTable(new float[300]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("300 values");
    }
}
