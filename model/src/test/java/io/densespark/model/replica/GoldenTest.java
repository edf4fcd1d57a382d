package io.densespark.model.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.densespark.model.libtorch.AutogradReference;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.Parameter;
import io.densespark.model.network.StemKind;
import io.densespark.model.optimizer.Sgd;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.weights.NamedTensor;
import io.densespark.model.weights.StateDictionary;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The replica in float, and the tests' own reference in double, against what PyTorch computed in double. Errors are
 * |a - b| / |b| of a whole tensor. The bounds are about ten times what was seen; the last logits get most room, because
 * three steps are far too few for running statistics to describe what the weights have become.
 */
class GoldenTest {
    private static final int STEPS = 3;
    private static final Sgd SGD = new Sgd(0.05, 0.9, 1e-4);
    private static final double ONE_PASS = 1e-5;
    private static final double GRADIENTS = 2e-5;
    /** The first norm's gradient is a small difference of large sums: PyTorch in float is off by 6e-5 to 2.5e-4. */
    private static final double FIRST_NORM = 2e-4;

    private static final double RUNNING = 2e-6;
    private static final double LAST_LOGITS = 1e-3;
    private static final double DOUBLE = 1e-6;

    private static DenseNetSpec spec(String name) {
        return switch (name) {
            case "bc-22-12" -> DenseNetSpec.bc(22, 12, 3, 10);
            case "basic-10-4" -> DenseNetSpec.basic(10, 4, 3, 10);
            case "imagenet-stem" -> new DenseNetSpec(3, 7, 6, List.of(2, 3), StemKind.IMAGENET, 12, 0.5, 4, 0);
            default -> throw new IllegalArgumentException(name);
        };
    }

    static Stream<Arguments> nets() {
        return names().flatMap(name -> Stream.of(RecomputeLevel.values())
                .flatMap(level -> Stream.of(Arguments.of(name, level, 1), Arguments.of(name, level, 2))));
    }

    static Stream<String> names() {
        return Stream.of("bc-22-12", "basic-10-4", "imagenet-stem");
    }

    @ParameterizedTest(name = "{0}, {1}, {2} workers")
    @MethodSource("nets")
    void theReplicaComputesWhatPyTorchComputes(String name, RecomputeLevel level, int workers) throws IOException {
        GoldenFile golden = GoldenFile.read(name);
        int images = golden.images();
        try (Replica replica = Nets.replica(spec(name), golden.image(), images, level, workers)) {
            StateDictionary.restore(golden.below("state."), replica, name);
            requireClose(
                    replica.logits(golden.pixels(0), images), golden.values("logits.evaluation"), ONE_PASS, "logits");
            for (int step = 0; step < STEPS; step++) {
                BatchResult result = replica.forwardBackward(
                        golden.pixels(step), golden.labels(step), images, images, new BatchPosition(0, 0, 0));
                double loss = golden.values("losses")[step];
                assertThat(result.lossSum() / images).isCloseTo(loss, within(ONE_PASS * loss));
                if (step == 0) {
                    requireClose(
                            gradients(replica),
                            golden.below("gradient."),
                            replica.layout().parameters(),
                            GRADIENTS);
                }
                SGD.step(replica, SGD.learningRate());
            }
            requireClose(
                    StateDictionary.capture(replica),
                    golden.below("running."),
                    replica.layout().runningStatistics(),
                    RUNNING);
            requireClose(
                    replica.logits(golden.pixels(0), images),
                    golden.values("logits.after"),
                    LAST_LOGITS,
                    "last logits");
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void theReferenceComputesWhatPyTorchComputes(String name) throws IOException {
        GoldenFile golden = GoldenFile.read(name);
        AutogradReference.Result result = AutogradReference.run(
                spec(name), golden.below("state."), golden.pixels(0), golden.labels(0), golden.image(), true, true);
        double loss = golden.values("losses")[0];
        assertThat(result.meanLoss()).isCloseTo(loss, within(DOUBLE * loss));
        requireClose(floats(result.logits()), golden.values("logits.training"), DOUBLE, "logits");
        golden.below("gradient.")
                .forEach((parameter, expected) ->
                        requireClose(floats(result.gradients().get(parameter)), expected.values(), DOUBLE, parameter));
    }

    /** Gradients by name in PyTorch's order: what a dictionary holds while they take the parameters' place. */
    private static Map<String, NamedTensor> gradients(Replica replica) {
        float[] parameters = replica.parameters().toFloats();
        replica.parameters().set(replica.gradients().toFloats());
        Map<String, NamedTensor> gradients = StateDictionary.capture(replica);
        replica.parameters().set(parameters);
        return gradients;
    }

    private static void requireClose(
            Map<String, NamedTensor> actual, Map<String, NamedTensor> expected, List<Parameter> all, double bound) {
        assertThat(expected.keySet()).isEqualTo(new LinkedHashSet<>(names(all)));
        expected.forEach((name, tensor) -> {
            double own = bound == GRADIENTS && name.startsWith("features.norm0.") ? FIRST_NORM : bound;
            requireClose(actual.get(name).values(), tensor.values(), own, name);
        });
    }

    private static List<String> names(List<Parameter> parameters) {
        return parameters.stream().map(Parameter::name).toList();
    }

    private static void requireClose(float[] actual, float[] expected, double bound, String what) {
        assertThat(actual).hasSameSizeAs(expected);
        assertThat(Nets.error(actual, expected)).as("error of %s", what).isLessThanOrEqualTo(bound);
    }

    private static float[] floats(List<Double> values) {
        return floats(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
