package io.densespark.model.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.densespark.model.kernels.Backend;
import io.densespark.model.libtorch.LibTorch;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.tensor.Precision;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole replicas with maps of bfloat16, against those of floats on the CPU. */
public abstract class BfloatAgreement {
    private static final ImageShape IMAGE = new ImageShape(16, 16);
    private static final int IMAGES = 6;
    private static final int STEPS = 12;

    /** Opens the device for replicas of bfloat16. */
    protected abstract Backend open();

    static List<DenseNetSpec> specs() {
        return Nets.ofEveryKind();
    }

    private record Trained(double loss, List<Float> gradients, List<Float> parameters) {}

    private Trained rounded(DenseNetSpec spec, RecomputeLevel level, int steps) {
        try (Backend backend = open()) {
            return train(spec, level, backend, Precision.BF16, steps);
        }
    }

    private static Trained exact(DenseNetSpec spec, int steps) {
        try (Backend backend = LibTorch.open()) {
            return train(spec, RecomputeLevel.ACTIVATIONS, backend, Precision.FP32, steps);
        }
    }

    private static Trained train(
            DenseNetSpec spec, RecomputeLevel level, Backend backend, Precision precision, int steps) {
        try (Replica replica = Replica.create(
                new ReplicaSettings(spec, IMAGE, IMAGES, level, 1, backend.device(), precision), backend)) {
            Nets.initialize(replica, 5, 1);
            double loss = 0;
            for (int step = 0; step < steps; step++) {
                // The last but one is a short batch.
                int images = step == steps - 2 ? IMAGES - 1 : IMAGES;
                float[] pixels = Nets.pixels(spec, IMAGE, images, 3);
                int[] labels = Nets.labels(spec, images, 4);
                loss = replica.forwardBackward(pixels, labels, images, images, new BatchPosition(1, step, 3))
                                .lossSum()
                        / images;
                if (step + 1 < steps) {
                    replica.nesterovStep(0.02, 0.9, 1e-4);
                }
            }
            return new Trained(
                    loss,
                    boxed(replica.gradients().toFloats()),
                    boxed(replica.parameters().toFloats()));
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    protected void everyRecomputeLevelGivesTheSameBits(DenseNetSpec spec) {
        Trained kept = rounded(spec, RecomputeLevel.NONE, 4);

        for (RecomputeLevel level : List.of(RecomputeLevel.ACTIVATIONS, RecomputeLevel.BOTTLENECK)) {
            Trained again = rounded(spec, level, 4);
            assertThat(again.loss()).isEqualTo(kept.loss());
            assertThat(again.gradients()).isEqualTo(kept.gradients());
            assertThat(again.parameters()).isEqualTo(kept.parameters());
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    protected void aStepIsThatOfSinglePrecisionButForRounding(DenseNetSpec spec) {
        Trained exact = exact(spec, 1);
        Trained rounded = rounded(spec, RecomputeLevel.ACTIVATIONS, 1);

        assertThat(rounded.loss()).isEqualTo(exact.loss(), within(0.02 * exact.loss()));
        // Rounding turns the signs of some that are near zero, and norms over few pixels make much of it.
        assertThat(cosine(rounded.gradients(), exact.gradients())).isGreaterThan(0.9);
    }

    @ParameterizedTest
    @MethodSource("specs")
    @Tag("slow")
    protected void itLearnsAsFastAsInSinglePrecision(DenseNetSpec spec) {
        double first = exact(spec, 1).loss();
        double exact = exact(spec, STEPS).loss();
        double rounded = rounded(spec, RecomputeLevel.ACTIVATIONS, STEPS).loss();

        assertThat(exact).isLessThan(0.8 * first);
        assertThat(rounded).isEqualTo(exact, within(0.1 * first));
    }

    private static List<Float> boxed(float[] values) {
        List<Float> boxed = new ArrayList<>();
        for (float value : values) {
            boxed.add(value);
        }
        return boxed;
    }

    private static double cosine(List<Float> a, List<Float> b) {
        double product = 0;
        double ofA = 0;
        double ofB = 0;
        for (int i = 0; i < a.size(); i++) {
            product += (double) a.get(i) * b.get(i);
            ofA += (double) a.get(i) * a.get(i);
            ofB += (double) b.get(i) * b.get(i);
        }
        return product / Math.sqrt(ofA * ofB);
    }
}
