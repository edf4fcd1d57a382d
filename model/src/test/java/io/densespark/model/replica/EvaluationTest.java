package io.densespark.model.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.densespark.model.libtorch.AutogradReference;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.network.Parameter;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.tensor.Vector;
import io.densespark.model.weights.NamedTensor;
import io.densespark.model.weights.StateDictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Evaluation mode, and the running statistics that it takes, against the reference in double. */
class EvaluationTest {
    private static final DenseNetSpec SPEC = Nets.spec(3, 6, 4, List.of(2, 3));
    private static final ImageShape IMAGE = new ImageShape(17, 16);
    private static final int BATCH = 6;

    @ParameterizedTest(name = "{0} of at most 6 images, {1} workers")
    @CsvSource({"6, 1", "6, 2", "4, 1", "5, 3", "1, 1", "1, 4", "2, 5"})
    void logitsAndFeaturesAgreeWithTheReference(int images, int workers) {
        for (DenseNetSpec spec : Nets.ofEveryKind()) {
            float[] pixels = Nets.pixels(spec, IMAGE, images, 3);
            int[] labels = Nets.labels(spec, images, 4);
            try (Replica replica = Nets.replica(spec, IMAGE, BATCH, RecomputeLevel.ACTIVATIONS, workers)) {
                Nets.initialize(replica, 5, 1, -0.5f, 2);
                setRunningStatistics(replica);
                AutogradReference.Result exact = AutogradReference.run(
                        spec, StateDictionary.capture(replica), pixels, labels, IMAGE, true, false);

                float[] logits = replica.logits(pixels, images);
                Inference inference = replica.infer(pixels, images);
                BatchResult result = replica.evaluate(pixels, labels, images);

                assertThat(logits).hasSize(images * spec.classes());
                for (int i = 0; i < logits.length; i++) {
                    double expected = exact.logits().get(i);
                    assertThat((double) logits[i]).isCloseTo(expected, within(1e-5 * (1 + Math.abs(expected))));
                }
                assertThat(inference.logits()).isEqualTo(logits);
                assertThat(inference.features()).hasSize(images * spec.outputChannels());
                for (int i = 0; i < inference.features().length; i++) {
                    double expected = exact.features().get(i);
                    assertThat((double) inference.features()[i])
                            .isCloseTo(expected, within(1e-5 * (1 + Math.abs(expected))));
                }
                assertThat(result.examples()).isEqualTo(images);
                assertThat(result.lossSum()).isCloseTo(images * exact.meanLoss(), within(1e-4 * images));
                assertThat(result.correct()).isEqualTo(correct(exact.logits(), labels, spec.classes()));
            }
        }
    }

    @Test
    void evaluationChangesNoWeightsGradientsOrStatistics() {
        float[] pixels = Nets.pixels(SPEC, IMAGE, BATCH, 3);
        int[] labels = Nets.labels(SPEC, BATCH, 4);
        try (Replica replica = Nets.replica(SPEC, IMAGE, BATCH, RecomputeLevel.NONE, 2)) {
            Nets.initialize(replica, 5, 1);
            replica.forwardBackward(pixels, labels, BATCH, BATCH, Nets.AT_START);
            List<float[]> before = Nets.contents(replica);
            replica.evaluate(pixels, labels, BATCH);
            Nets.requireEqualBits(Nets.contents(replica), before);
        }
    }

    @Test
    void noImagesHaveNoLogitsAndNoLoss() {
        try (Replica replica = Nets.replica(SPEC, IMAGE, BATCH, RecomputeLevel.NONE, 2)) {
            assertThat(replica.logits(new float[0], 0)).isEmpty();
            assertThat(replica.evaluate(new float[0], new int[0], 0)).isEqualTo(BatchResult.EMPTY);
        }
    }

    @ParameterizedTest(name = "{0} workers, {1}")
    @CsvSource({"1, NONE", "2, ACTIVATIONS", "3, BOTTLENECK"})
    void runningStatisticsMoveOnceAStepByTheUnbiasedVariance(int workers, RecomputeLevel level) {
        for (DenseNetSpec spec : Nets.ofEveryKind()) {
            try (Replica replica = Nets.replica(spec, IMAGE, BATCH, level, workers)) {
                Nets.initialize(replica, 5, 1, -0.5f, 2);
                setRunningStatistics(replica);
                Map<String, NamedTensor> state = new HashMap<>(StateDictionary.capture(replica));
                Map<String, double[]> expected = Map.of();
                for (int step = 0; step < 3; step++) {
                    // Few rows, so that the unbiased variance differs from the biased one.
                    int images = 2 + step;
                    float[] pixels = Nets.pixels(spec, IMAGE, images, 10 + step);
                    int[] labels = Nets.labels(spec, images, 20 + step);
                    expected = AutogradReference.run(spec, state, pixels, labels, IMAGE, true, true)
                            .runningStatistics();
                    expected.forEach((name, values) -> state.put(name, rounded(values)));
                    replica.forwardBackward(pixels, labels, images, images, Nets.AT_START);
                }
                for (Parameter statistic : replica.layout().runningStatistics()) {
                    float[] actual =
                            place(replica.runningStatistics(), statistic).toFloats();
                    double[] wanted = expected.get(statistic.name());
                    for (int j = 0; j < actual.length; j++) {
                        assertThat((double) actual[j])
                                .as(statistic.name())
                                .isCloseTo(wanted[j], within(1e-5 * (0.1 + Math.abs(wanted[j]))));
                    }
                }
            }
        }
    }

    private static void setRunningStatistics(Replica replica) {
        Random random = new Random(6);
        for (Parameter statistic : replica.layout().runningStatistics()) {
            float[] values = new float[statistic.elements()];
            for (int j = 0; j < values.length; j++) {
                values[j] = statistic.kind() == Parameter.Kind.RUNNING_VARIANCE
                        ? 0.2f + 2 * random.nextFloat()
                        : random.nextFloat() - 0.5f;
            }
            place(replica.runningStatistics(), statistic).set(values);
        }
    }

    private static Vector place(Vector flat, Parameter parameter) {
        return flat.slice((int) parameter.offset(), parameter.elements());
    }

    private static NamedTensor rounded(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return new NamedTensor(List.of(floats.length), floats);
    }

    private static int correct(List<Double> logits, int[] labels, int classes) {
        int correct = 0;
        for (int n = 0; n < labels.length; n++) {
            List<Double> row = logits.subList(n * classes, (n + 1) * classes);
            double largest = row.stream().mapToDouble(v -> v).max().getAsDouble();
            correct += row.indexOf(largest) == labels[n] ? 1 : 0;
        }
        return correct;
    }
}
