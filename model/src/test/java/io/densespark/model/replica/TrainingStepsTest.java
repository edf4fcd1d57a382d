package io.densespark.model.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.collective.SingleReplica;
import io.densespark.model.libtorch.LibTorch;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.optimizer.Sgd;
import io.densespark.model.plan.RecomputeLevel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Steps on the CPU against passes and the optimizer called one by one. */
class TrainingStepsTest {
    private static final DenseNetSpec SPEC = Nets.spec(3, 4, 5, List.of(2, 2));
    private static final ImageShape IMAGE = new ImageShape(8, 8);
    private static final int BATCH = 4;
    private static final float[] UNWEIGHTED = {};
    private static final Sgd SGD = new Sgd(0.1, 0.9, 1e-4);

    @Test
    void eachStepIsThePassesAndTheOptimizerAndIsHeardOfAtOnce() throws IOException {
        List<StepOutcome> outcomes = new ArrayList<>();
        try (Replica byHand = replica();
                Replica replica = replica()) {
            TrainingSteps steps = steps(replica, outcomes::add);
            for (int step = 0; step < 3; step++) {
                // The last batch is short.
                int images = step < 2 ? BATCH : BATCH - 1;
                BatchResult expected =
                        byHand.forwardBackward(pixels(step), labels(step), images, images, Nets.AT_START);
                SGD.step(byHand, 0.1);

                take(steps, replica, step, UNWEIGHTED, images);

                assertThat(outcomes).hasSize(step + 1);
                StepOutcome outcome = outcomes.get(step);
                assertThat(outcome.result()).isEqualTo(expected);
                assertThat(outcome.globalImages()).isEqualTo(images);
                assertThat(outcome.areGradientsNumbers()).isTrue();
                assertThat(outcome.times().forwardSeconds()).isPositive();
                assertThat(outcome.optimizerSeconds()).isPositive();
            }
            steps.finish();
            assertThat(outcomes).hasSize(3);
            assertThat(replica.parameters().toFloats())
                    .isEqualTo(byHand.parameters().toFloats());
        }
    }

    @Test
    void aLossThatIsNotFiniteIsTold() throws IOException {
        List<StepOutcome> outcomes = new ArrayList<>();
        try (Replica replica = replica()) {
            take(steps(replica, outcomes::add), replica, 0, new float[] {1, 1, Float.NaN, 1}, BATCH);

            assertThat(outcomes.get(0).areGradientsNumbers()).isFalse();
            assertThat(outcomes.get(0).result().lossSum()).isNaN();
        }
    }

    @Test
    void whatTheListenerThrowsIsTheCallers() {
        IOException full = new IOException("disk is full");
        try (Replica replica = replica()) {
            TrainingSteps steps = steps(replica, outcome -> {
                throw full;
            });

            assertThatThrownBy(() -> take(steps, replica, 0, UNWEIGHTED, BATCH)).isSameAs(full);
        }
    }

    private static Replica replica() {
        Replica replica = Nets.replica(SPEC, IMAGE, BATCH, RecomputeLevel.ACTIVATIONS, 2);
        Nets.initialize(replica, 11, 1, 0.5f);
        return replica;
    }

    private static TrainingSteps steps(Replica replica, TrainingSteps.Listener listener) {
        return new TrainingSteps(replica, LibTorch.open().kernels(), new SingleReplica(), listener);
    }

    private static void take(TrainingSteps steps, Replica replica, int step, float[] weights, int images)
            throws IOException {
        steps.take(
                Pixels.of(pixels(step)),
                labels(step),
                weights,
                images,
                images,
                Nets.AT_START,
                () -> SGD.step(replica, 0.1));
    }

    private static float[] pixels(int step) {
        return Nets.pixels(SPEC, IMAGE, BATCH, step);
    }

    private static int[] labels(int step) {
        return Nets.labels(SPEC, BATCH, step);
    }
}
