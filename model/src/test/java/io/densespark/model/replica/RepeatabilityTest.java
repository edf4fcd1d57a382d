package io.densespark.model.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.optimizer.Sgd;
import io.densespark.model.plan.RecomputeLevel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Equal seeds and data give equal bits, whatever is recomputed; other numbers of workers give nearly equal gradients. */
class RepeatabilityTest {
    private static final DenseNetSpec SPEC = Nets.spec(3, 5, 5, List.of(3, 2, 2));
    private static final ImageShape IMAGE = new ImageShape(40, 33);
    private static final int BATCH = 5;
    private static final int STEPS = 5;
    private static final Sgd SGD = new Sgd(0.1, 0.9, 1e-4);

    private static List<float[]> train(DenseNetSpec spec, RecomputeLevel level, int workers, long seed) {
        try (Replica replica = Nets.replica(spec, IMAGE, BATCH, level, workers)) {
            Nets.initialize(replica, seed, 1, 0.5f, -1);
            for (int step = 0; step < STEPS; step++) {
                // The last batch is a short one.
                int images = step == STEPS - 1 ? BATCH - 2 : BATCH;
                float[] pixels = Nets.pixels(spec, IMAGE, images, 100 + step);
                int[] labels = Nets.labels(spec, images, 200 + step);
                replica.forwardBackward(pixels, labels, images, images, new BatchPosition(seed, 0, step * BATCH));
                SGD.step(replica, 0.1);
            }
            return Nets.contents(replica);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = RecomputeLevel.class,
            names = {"ACTIVATIONS", "BOTTLENECK"})
    void recomputationGivesTheBitsOfKeepingEverything(RecomputeLevel level) {
        for (DenseNetSpec spec : Nets.ofEveryKind()) {
            for (int workers : new int[] {1, 2}) {
                Nets.requireEqualBits(train(spec, level, workers, 7), train(spec, RecomputeLevel.NONE, workers, 7));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(RecomputeLevel.class)
    void twoRunsOfOneSeedGiveTheSameBits(RecomputeLevel level) {
        Nets.requireEqualBits(train(SPEC, level, 3, 8), train(SPEC, level, 3, 8));
    }

    @Test
    void masksOfDropoutDependOnTheImagesPlaceInTheEpochAlone() {
        DenseNetSpec spec = SPEC.withDropout(0.5);
        float[] pixels = Nets.pixels(spec, IMAGE, 1, 1);
        int[] labels = Nets.labels(spec, 1, 2);
        List<List<float[]>> found = new ArrayList<>();
        for (BatchPosition position : List.of(
                new BatchPosition(3, 1, 5),
                new BatchPosition(3, 1, 5),
                new BatchPosition(3, 1, 6),
                new BatchPosition(3, 2, 5),
                new BatchPosition(4, 1, 5))) {
            try (Replica replica = Nets.replica(spec, IMAGE, 1, RecomputeLevel.BOTTLENECK, 1)) {
                Nets.initialize(replica, 3, 1);
                replica.forwardBackward(pixels, labels, 1, 1, position);
                found.add(Nets.contents(replica));
            }
        }
        Nets.requireEqualBits(found.get(1), found.get(0));
        for (List<float[]> other : found.subList(2, found.size())) {
            assertThat(other.get(1)).isNotEqualTo(found.get(0).get(1));
        }
    }

    @Test
    void anotherSeedGivesOtherWeights() {
        assertThat(train(SPEC, RecomputeLevel.NONE, 1, 8).get(0))
                .isNotEqualTo(train(SPEC, RecomputeLevel.NONE, 1, 9).get(0));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 8})
    void moreWorkersGiveNearlyTheGradientsAndStatisticsOfOne(int workers) {
        float[] pixels = Nets.pixels(SPEC, IMAGE, BATCH, 1);
        int[] labels = Nets.labels(SPEC, BATCH, 2);
        try (Replica one = Nets.replica(SPEC, IMAGE, BATCH, RecomputeLevel.ACTIVATIONS, 1);
                Replica many = Nets.replica(SPEC, IMAGE, BATCH, RecomputeLevel.ACTIVATIONS, workers)) {
            Nets.initialize(one, 3, 1);
            Nets.initialize(many, 3, 1);

            BatchResult expected = one.forwardBackward(pixels, labels, BATCH, BATCH, Nets.AT_START);
            BatchResult actual = many.forwardBackward(pixels, labels, BATCH, BATCH, Nets.AT_START);

            assertThat(actual.examples()).isEqualTo(expected.examples());
            assertThat(Math.abs(actual.lossSum() - expected.lossSum())).isLessThan(1e-5 * expected.lossSum());
            assertThat(Nets.error(many.gradients().toFloats(), one.gradients().toFloats()))
                    .isLessThan(1e-5);
            assertThat(Nets.error(
                            many.runningStatistics().toFloats(),
                            one.runningStatistics().toFloats()))
                    .isLessThan(1e-6);
        }
    }
}
