package io.densespark.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.network.Parameter;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.replica.Nets;
import io.densespark.model.replica.Replica;
import io.densespark.model.tensor.Vector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeInitializerTest {
    private final Replica replica =
            Nets.replica(DenseNetSpec.bc(16, 12, 3, 50), new ImageShape(4, 4), 1, RecomputeLevel.BOTTLENECK, 1);

    @AfterEach
    void close() {
        replica.close();
    }

    private static float[] values(Vector flat, Parameter parameter) {
        return flat.slice((int) parameter.offset(), parameter.elements()).toFloats();
    }

    @Test
    void convolutionsAreNormalWithAVarianceOfTwoOverTheirFanOut() {
        HeInitializer.initialize(replica, 1);
        for (Parameter p : replica.layout().parameters()) {
            if (p.kind() == Parameter.Kind.CONVOLUTION) {
                double sum = 0;
                double squares = 0;
                for (float value : values(replica.parameters(), p)) {
                    sum += value;
                    squares += (double) value * value;
                }
                int n = p.elements();
                double variance =
                        2.0 / (p.shape().get(0) * p.shape().get(2) * p.shape().get(3));
                // Four standard errors of a sample of n.
                assertThat(sum / n).as(p.name()).isCloseTo(0, within(4 * Math.sqrt(variance / n)));
                assertThat(squares / n).as(p.name()).isCloseTo(variance, within(4 * variance * Math.sqrt(2.0 / n)));
            }
        }
    }

    @Test
    void normsBeginAsTheIdentityWithStandardStatistics() {
        replica.parameters().set(filled(replica.parameters(), 9));
        replica.runningStatistics().set(filled(replica.runningStatistics(), 9));
        replica.velocity().set(filled(replica.velocity(), 9));
        HeInitializer.initialize(replica, 1);
        for (Parameter p : replica.layout().parameters()) {
            if (p.kind() == Parameter.Kind.NORM_SCALE) {
                assertThat(values(replica.parameters(), p)).containsOnly(1);
            }
            if (p.kind() == Parameter.Kind.NORM_SHIFT || p.kind() == Parameter.Kind.LINEAR_BIAS) {
                assertThat(values(replica.parameters(), p)).containsOnly(0);
            }
        }
        for (Parameter p : replica.layout().runningStatistics()) {
            int expected = p.kind() == Parameter.Kind.RUNNING_VARIANCE ? 1 : 0;
            assertThat(values(replica.runningStatistics(), p)).containsOnly(expected);
        }
        assertThat(replica.velocity().toFloats()).containsOnly(0);
    }

    @Test
    void theClassifierIsUniformWithinOneOverTheRootOfItsInputs() {
        HeInitializer.initialize(replica, 1);
        Parameter weight = replica.layout().get("classifier.weight");
        double bound = 1 / Math.sqrt(weight.shape().get(1));
        float least = 0;
        float most = 0;
        for (float value : values(replica.parameters(), weight)) {
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        assertThat((double) most).isBetween(0.99 * bound, bound);
        assertThat((double) least).isBetween(-bound, -0.99 * bound);
    }

    @Test
    void aSeedAlwaysGivesTheSameWeights() {
        HeInitializer.initialize(replica, 1);
        float[] first = replica.parameters().toFloats();
        HeInitializer.initialize(replica, 2);
        float[] second = replica.parameters().toFloats();
        HeInitializer.initialize(replica, 1);
        assertThat(replica.parameters().toFloats()).isEqualTo(first).isNotEqualTo(second);
        // java.util.Random's first Gaussian of seed 1, times the root of 2 / (24 · 3 · 3).
        assertThat(first[0]).isEqualTo((float) (1.561581040188955 * Math.sqrt(2.0 / 216)));
    }

    private static float[] filled(Vector vector, float value) {
        float[] values = new float[vector.length()];
        java.util.Arrays.fill(values, value);
        return values;
    }
}
