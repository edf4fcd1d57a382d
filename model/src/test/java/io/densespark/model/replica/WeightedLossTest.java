package io.densespark.model.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.RecomputeLevel;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gradient is linear in the images' weights, since these come after the forward pass. */
class WeightedLossTest {
    private static final DenseNetSpec SPEC = Nets.spec(2, 4, 4, List.of(2, 1));
    private static final ImageShape IMAGE = new ImageShape(6, 6);
    private static final int IMAGES = 3;

    private final float[] pixels = Nets.pixels(SPEC, IMAGE, IMAGES, 1);
    private final int[] labels = {2, 0, 3};

    /** The gradient, and the loss behind it. */
    private float[] gradient(float... weights) {
        try (Replica replica = Nets.replica(SPEC, IMAGE, IMAGES, RecomputeLevel.ACTIVATIONS, 2)) {
            Nets.initialize(replica, 3, 1);
            BatchResult result = weights.length == 0
                    ? replica.forwardBackward(pixels, labels, IMAGES, IMAGES, Nets.AT_START)
                    : replica.begin(Pixels.of(pixels), labels, weights, IMAGES, IMAGES, Nets.AT_START)
                            .await()
                            .result();
            float[] gradient = replica.gradients().toFloats();
            float[] both = Arrays.copyOf(gradient, gradient.length + 1);
            both[gradient.length] = (float) result.lossSum();
            return both;
        }
    }

    @Test
    void weightsOfOneChangeNothing() {
        assertThat(gradient(1, 1, 1)).isEqualTo(gradient());
    }

    @Test
    void gradientAndLossAreTheSumsOfTheImagesOwnTimesTheirWeights() {
        float[] first = gradient(1, 0, 0);
        float[] last = gradient(0, 0, 1);
        float[] expected = new float[first.length];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = 2.5f * first[i] + 0.5f * last[i];
        }

        float[] actual = gradient(2.5f, 0, 0.5f);

        assertThat(Nets.error(actual, expected)).isLessThan(1e-5);
        assertThat(actual[actual.length - 1]).isCloseTo(expected[expected.length - 1], within(1e-5f));
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void anImageWhoseLossIsNotFiniteLeavesNoNumberInTheGradient(float weight) {
        float[] actual = gradient(1, weight, 1);

        assertThat(actual[actual.length - 1]).matches(loss -> !Float.isFinite(loss));
        assertThat(Arrays.copyOf(actual, actual.length - 1)).containsOnly(Float.NaN);
    }

    @Test
    void anEvaluationWeighsLossesAndCountsImages() {
        try (Replica replica = Nets.replica(SPEC, IMAGE, IMAGES, RecomputeLevel.NONE, 1)) {
            Nets.initialize(replica, 3, 1);
            double first = replica.evaluate(pixels, labels, 1).lossSum();
            BatchResult plain = replica.evaluate(pixels, labels, 2);

            BatchResult weighted = replica.evaluate(Pixels.of(pixels), labels, new float[] {3, 0}, 2);

            assertThat(weighted.lossSum()).isCloseTo(3 * first, within(1e-5));
            assertThat(weighted.examples()).isEqualTo(2);
            assertThat(weighted.correct()).isEqualTo(plain.correct());
        }
    }
}
