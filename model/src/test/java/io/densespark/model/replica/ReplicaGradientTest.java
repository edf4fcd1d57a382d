package io.densespark.model.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.densespark.model.libtorch.AutogradReference;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.network.Parameter;
import io.densespark.model.network.StemKind;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.tensor.Vector;
import io.densespark.model.weights.NamedTensor;
import io.densespark.model.weights.StateDictionary;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The hand-written backward pass against autograd in double, parameter by parameter. It may err four times as much as
 * autograd in float does at worst, in three runs: a ReLU's input that is zero up to rounding may fall on either side, which
 * depends on the machine, and what that makes of a gradient shows where the thresholds are moved a little.
 */
class ReplicaGradientTest {
    /** How far from zero rounding may turn the sign of a ReLU's input, in standard deviations of the feature. */
    private static final double SIGN_REACH = 5e-6;

    /** A gradient whose terms cancel out is only as exact as they are: it counts as this share of the whole at least. */
    private static final double CANCELLED = 1e-3;

    private static final DenseNetSpec EXTREME = Nets.spec(3, 5, 5, List.of(2, 2));

    static Stream<Arguments> networks() {
        return Stream.of(
                Arguments.of("three blocks", Nets.spec(3, 10, 4, List.of(2, 2, 2)), 8, 8, 3, 1, new float[] {1}),
                Arguments.of("growth 5, batch 2", Nets.spec(3, 7, 5, List.of(2, 3)), 6, 6, 2, 1, new float[] {1}),
                Arguments.of("one-layer blocks", Nets.spec(1, 10, 5, List.of(1, 1, 1)), 9, 7, 3, 2, new float[] {1}),
                Arguments.of("odd sizes", Nets.spec(2, 3, 5, List.of(2, 1, 2)), 7, 11, 3, 2, new float[] {1}),
                Arguments.of("one block", Nets.spec(1, 2, 6, List.of(3)), 5, 5, 2, 2, new float[] {1}),
                Arguments.of("small scales", Nets.spec(3, 5, 5, List.of(2, 2)), 7, 7, 3, 1, new float[] {1e-3f}),
                Arguments.of("tiny scales", Nets.spec(3, 5, 5, List.of(2, 2)), 7, 7, 3, 2, new float[] {1e-20f, 1}),
                Arguments.of("zero scales", Nets.spec(3, 5, 5, List.of(2, 2)), 7, 7, 3, 2, new float[] {0, 1}),
                Arguments.of(
                        "mixed scales", Nets.spec(3, 5, 3, List.of(3, 2)), 8, 6, 3, 3, new float[] {1, 1e-3f, 0, -1}),
                Arguments.of(
                        "no compression",
                        new DenseNetSpec(2, 4, 5, List.of(2, 2), StemKind.SMALL, 7, 1, 2, 0),
                        6,
                        6,
                        3,
                        2,
                        new float[] {1, -0.5f}),
                Arguments.of(
                        "no bottleneck",
                        new DenseNetSpec(3, 4, 5, List.of(3, 2), StemKind.SMALL, 7, 1, 0, 0),
                        7,
                        6,
                        3,
                        2,
                        new float[] {1, -0.5f, 1e-3f}),
                Arguments.of(
                        "ImageNet stem",
                        new DenseNetSpec(3, 4, 5, List.of(2, 2), StemKind.IMAGENET, 10, 0.5, 4, 0),
                        24,
                        27,
                        3,
                        2,
                        new float[] {1, -0.5f, 1e-3f}),
                Arguments.of(
                        "ImageNet stem, no bottleneck, one channel",
                        new DenseNetSpec(1, 4, 3, List.of(2, 1), StemKind.IMAGENET, 8, 0.7, 0, 0),
                        17,
                        22,
                        4,
                        3,
                        new float[] {1}),
                Arguments.of(
                        "dropout", Nets.spec(3, 6, 5, List.of(3, 2)).withDropout(0.3), 7, 6, 4, 2, new float[] {1}),
                Arguments.of(
                        "no bottleneck, dropout",
                        new DenseNetSpec(3, 4, 5, List.of(3, 2), StemKind.SMALL, 7, 1, 0, 0.5),
                        7,
                        6,
                        4,
                        2,
                        new float[] {1}),
                Arguments.of(
                        "several tiles and chunks", Nets.spec(3, 10, 12, List.of(2, 2)), 48, 45, 9, 2, new float[] {1}),
                Arguments.of(
                        "several tiles and chunks, ImageNet stem",
                        new DenseNetSpec(3, 4, 8, List.of(2, 2, 1), StemKind.IMAGENET, 16, 0.5, 4, 0.2),
                        161,
                        150,
                        7,
                        2,
                        new float[] {1}),
                Arguments.of(
                        "several chunks, no bottleneck",
                        new DenseNetSpec(3, 4, 12, List.of(2, 2), StemKind.SMALL, 16, 1, 0, 0),
                        96,
                        101,
                        7,
                        2,
                        new float[] {1}),
                Arguments.of(
                        "more workers than images", Nets.spec(3, 10, 4, List.of(2, 2)), 6, 6, 2, 3, new float[] {1}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("networks")
    void everyGradientAgreesWithAutogradInDouble(
            String name, DenseNetSpec spec, int height, int width, int images, int workers, float[] scales) {
        ImageShape image = new ImageShape(height, width);
        float[] pixels = Nets.pixels(spec, image, images, 3);
        requireAgreement(spec, image, pixels, images, workers, replica -> Nets.initialize(replica, 5, scales));
    }

    @Test
    void aConstantChannelHasTheGradientsOfAutograd() {
        requireAgreementAfter(replica -> {
            // The first stem channel is 0 everywhere: its variance is 0, its deviation the root of epsilon.
            Vector stem = of(replica, "features.conv0.weight");
            stem.slice(0, stem.length() / EXTREME.stemChannels())
                    .set(new float[stem.length() / EXTREME.stemChannels()]);
        });
    }

    @Test
    void aSaturatedReluStopsEveryGradientBehindIt() {
        requireAgreementAfter(replica -> {
            Vector shift = of(replica, "features.denseblock1.denselayer2.norm1.bias");
            float[] far = new float[shift.length()];
            Arrays.fill(far, -100);
            shift.set(far);
        });
    }

    @Test
    void denormalPixelsHaveTheGradientsOfAutograd() {
        ImageShape image = new ImageShape(7, 6);
        float[] pixels = Nets.pixels(EXTREME, image, 3, 3);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] *= 1e-40f;
        }
        requireAgreement(EXTREME, image, pixels, 3, 2, replica -> Nets.initialize(replica, 5, 1));
    }

    private static void requireAgreementAfter(Consumer<Replica> change) {
        ImageShape image = new ImageShape(7, 6);
        requireAgreement(EXTREME, image, Nets.pixels(EXTREME, image, 3, 3), 3, 2, replica -> {
            Nets.initialize(replica, 5, 1);
            change.accept(replica);
        });
    }

    private static Vector of(Replica replica, String name) {
        Parameter parameter = replica.layout().get(name);
        return replica.parameters().slice((int) parameter.offset(), parameter.elements());
    }

    private static void requireAgreement(
            DenseNetSpec spec,
            ImageShape image,
            float[] pixels,
            int images,
            int workers,
            Consumer<Replica> initialize) {
        int[] labels = Nets.labels(spec, images, 4);
        try (Replica replica = Nets.replica(spec, image, images, RecomputeLevel.ACTIVATIONS, workers)) {
            initialize.accept(replica);
            Map<String, NamedTensor> state = StateDictionary.capture(replica);
            AutogradReference.Result exact = AutogradReference.run(spec, state, pixels, labels, image, true, true);
            List<AutogradReference.Result> plain = Stream.of(0.0, SIGN_REACH, -SIGN_REACH)
                    .map(shift -> AutogradReference.run(
                            spec, withShiftedThresholds(state, shift), pixels, labels, image, false, true))
                    .toList();

            BatchResult result = replica.forwardBackward(pixels, labels, images, images, Nets.AT_START);

            assertThat(result.lossSum() / images).isCloseTo(exact.meanLoss(), within(1e-5 * (1 + exact.meanLoss())));
            float[] gradients = replica.gradients().toFloats();
            double whole = norm(exact.gradients().values().stream()
                    .flatMapToDouble(Arrays::stream)
                    .toArray());
            for (Parameter parameter : replica.layout().parameters()) {
                double[] expected = exact.gradients().get(parameter.name());
                double[] actual = logicalOrder(gradients, parameter);
                double size = Math.max(norm(expected), CANCELLED * whole);
                double rounding = plain.stream()
                        .mapToDouble(run -> distance(run.gradients().get(parameter.name()), expected))
                        .max()
                        .orElseThrow();
                assertThat(distance(actual, expected) / size)
                        .as("relative error of %s", parameter.name())
                        .isLessThanOrEqualTo(Math.max(1e-5, 4 * rounding / size));
            }
        }
    }

    /** Every norm's shift moved by that many of its normalized feature's units. */
    private static Map<String, NamedTensor> withShiftedThresholds(Map<String, NamedTensor> state, double by) {
        Map<String, NamedTensor> shifted = new LinkedHashMap<>(state);
        state.forEach((name, tensor) -> {
            NamedTensor scale = state.get(name.replace(".bias", ".weight"));
            if (name.contains("norm") && name.endsWith(".bias")) {
                float[] values = tensor.values().clone();
                for (int i = 0; i < values.length; i++) {
                    values[i] += (float) (by * Math.abs(scale.values()[i]));
                }
                shifted.put(name, new NamedTensor(tensor.shape(), values));
            }
        });
        return shifted;
    }

    private static double distance(double[] a, double[] b) {
        return norm(IntStream.range(0, b.length).mapToDouble(i -> a[i] - b[i]).toArray());
    }

    private static double norm(double[] values) {
        return Math.sqrt(Arrays.stream(values).map(v -> v * v).sum());
    }

    private static double[] logicalOrder(float[] flat, Parameter parameter) {
        List<Integer> shape = parameter.shape();
        double[] values = new double[parameter.elements()];
        if (shape.size() < 4) {
            for (int i = 0; i < values.length; i++) {
                values[i] = flat[(int) parameter.offset() + i];
            }
            return values;
        }
        int inputs = shape.get(1);
        int taps = shape.get(2) * shape.get(3);
        for (int i = 0; i < values.length; i++) {
            int output = i / (inputs * taps);
            int input = i / taps % inputs;
            int tap = i % taps;
            values[i] = flat[(int) parameter.offset() + (output * taps + tap) * inputs + input];
        }
        return values;
    }
}
