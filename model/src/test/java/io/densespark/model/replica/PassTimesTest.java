package io.densespark.model.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.RecomputeLevel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PassTimesTest {
    private static final ImageShape IMAGE = new ImageShape(16, 16);
    private static final int BATCH = 5;
    private static final int STEPS = 10;
    private static final float[] UNWEIGHTED = {};

    @ParameterizedTest(name = "{0}, {1} workers")
    @CsvSource({"NONE, 1", "ACTIVATIONS, 2", "BOTTLENECK, 1", "BOTTLENECK, 3", "ACTIVATIONS, 7"})
    void theTimesAreNotNegativeAndAddUpToTheStep(RecomputeLevel level, int workers) {
        for (DenseNetSpec spec : Nets.ofEveryKind()) {
            try (Replica replica = Nets.replica(spec, IMAGE, BATCH, level, workers)) {
                Nets.initialize(replica, 5, 1);
                float[] pixels = Nets.pixels(spec, IMAGE, BATCH, 3);
                int[] labels = Nets.labels(spec, BATCH, 4);
                // What the clock misses is what another process may take in between: the least of a few steps counts.
                double leastMissed = 1;
                for (int step = 0; step < STEPS; step++) {
                    long start = System.nanoTime();
                    PassTimes times = replica.begin(Pixels.of(pixels), labels, UNWEIGHTED, BATCH, BATCH, Nets.AT_START)
                            .await()
                            .times();
                    double seconds = (System.nanoTime() - start) / 1e9;

                    assertThat(times.forwardSeconds()).isPositive();
                    assertThat(times.recomputeSeconds()).isNotNegative();
                    assertThat(times.backwardSeconds()).isPositive();
                    double sum = times.forwardSeconds() + times.recomputeSeconds() + times.backwardSeconds();
                    assertThat(sum).isLessThanOrEqualTo(seconds + 1e-9);
                    leastMissed = Math.min(leastMissed, 1 - sum / seconds);
                }
                assertThat(leastMissed).isLessThan(0.1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(RecomputeLevel.class)
    void onlyALevelThatRecomputesTakesTimeForIt(RecomputeLevel level) {
        for (DenseNetSpec spec : Nets.ofEveryKind()) {
            try (Replica replica = Nets.replica(spec, IMAGE, BATCH, level, 2)) {
                double recompute = step(replica, BATCH).recomputeSeconds();
                if (level == RecomputeLevel.NONE) {
                    assertThat(recompute).isZero();
                } else {
                    assertThat(recompute).isPositive();
                }

                assertThat(step(replica, 0)).isEqualTo(PassTimes.NONE);
            }
        }
    }

    private static PassTimes step(Replica replica, int images) {
        DenseNetSpec spec = replica.settings().spec();
        float[] pixels = Nets.pixels(spec, IMAGE, BATCH, 3);
        return replica.begin(Pixels.of(pixels), Nets.labels(spec, BATCH, 4), UNWEIGHTED, images, BATCH, Nets.AT_START)
                .await()
                .times();
    }
}
