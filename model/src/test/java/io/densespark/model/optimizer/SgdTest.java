package io.densespark.model.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.densespark.model.ModelException;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.replica.Nets;
import io.densespark.model.replica.Replica;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SgdTest {
    @ParameterizedTest(name = "epoch {0} of {1}: a rate of {2} times the first")
    @CsvSource({
        "0, 300, 1",
        "149, 300, 1",
        "150, 300, 0.1",
        "224, 300, 0.1",
        "225, 300, 0.01",
        "299, 300, 0.01",
        "19, 40, 1",
        "20, 40, 0.1",
        "29, 40, 0.1",
        "30, 40, 0.01",
        "0, 1, 1",
        "0, 2, 1",
        "1, 2, 0.1",
        "1, 3, 1",
        "2, 3, 0.1",
        "2, 5, 1",
        "3, 5, 0.1",
        "4, 5, 0.01",
        "3, 7, 1",
        "4, 7, 0.1",
        "5, 7, 0.1",
        "6, 7, 0.01"
    })
    void theRateDropsAtHalfAndAtThreeQuartersOfTheEpochs(int epoch, int epochs, double factor) {
        assertThat(new Sgd(0.1, 0.9, 0).rateOf(epoch, epochs)).isCloseTo(0.1 * factor, within(1e-15));
    }

    @ParameterizedTest(name = "momentum {0}, decay {1}")
    @CsvSource({"0.9, 1e-4", "0, 0.1", "0.5, 0"})
    void aStepIsNesterovsInPyTorchsForm(double momentum, double decay) {
        Random random = new Random(1);
        Sgd sgd = new Sgd(0.1, momentum, decay);
        try (Replica replica =
                Nets.replica(Nets.spec(1, 2, 2, List.of(1)), new ImageShape(2, 2), 1, RecomputeLevel.BOTTLENECK, 1)) {
            int n = replica.parameters().length();
            double[] p = new double[n];
            double[] v = new double[n];
            float[] start = gaussians(random, n);
            replica.parameters().set(start);
            for (int i = 0; i < n; i++) {
                p[i] = start[i];
            }
            for (int step = 0; step < 3; step++) {
                double rate = 0.1 / (step + 1);
                float[] gradient = gaussians(random, n);
                replica.gradients().set(gradient);
                sgd.step(replica, rate);
                for (int i = 0; i < n; i++) {
                    double g = gradient[i] + decay * p[i];
                    v[i] = momentum * v[i] + g;
                    p[i] -= rate * (g + momentum * v[i]);
                }
            }
            float[] actual = replica.parameters().toFloats();
            float[] velocity = replica.velocity().toFloats();
            for (int i = 0; i < n; i++) {
                assertThat((double) actual[i]).isCloseTo(p[i], within(1e-6 * (1 + Math.abs(p[i]))));
                assertThat((double) velocity[i]).isCloseTo(v[i], within(1e-6 * (1 + Math.abs(v[i]))));
            }
        }
    }

    @Test
    void settingsOutOfRangeAreNamed() {
        requireRefused(0, 0.9, 0, "learning rate 0.0");
        requireRefused(-1, 0.9, 0, "learning rate -1.0");
        requireRefused(Double.NaN, 0.9, 0, "learning rate NaN");
        requireRefused(Double.POSITIVE_INFINITY, 0.9, 0, "learning rate Infinity");
        requireRefused(0.1, 1, 0, "momentum 1.0");
        requireRefused(0.1, -0.1, 0, "momentum -0.1");
        requireRefused(0.1, Double.NaN, 0, "momentum NaN");
        requireRefused(0.1, 0.9, -1e-4, "weight decay -1.0E-4");
        requireRefused(0.1, 0.9, Double.NaN, "weight decay NaN");
    }

    private static void requireRefused(double rate, double momentum, double decay, String named) {
        assertThatThrownBy(() -> new Sgd(rate, momentum, decay))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(named);
    }

    private static float[] gaussians(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
