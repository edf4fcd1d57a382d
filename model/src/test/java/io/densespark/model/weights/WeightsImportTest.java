package io.densespark.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.ModelException;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.network.Parameter;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.replica.Nets;
import io.densespark.model.replica.Replica;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightsImportTest {
    private static final DenseNetSpec SPEC = Nets.spec(2, 3, 3, List.of(2, 1));
    private static final ParameterLayout LAYOUT = ParameterLayout.of(SPEC);
    private static final String SOURCE = "hdfs://there/weights.safetensors";
    private static final long SEED = 11;

    /** A tensor of each parameter and statistic; the values of the one at place i are all i. */
    private static Map<String, NamedTensor> file() {
        Map<String, NamedTensor> tensors = new LinkedHashMap<>();
        for (Parameter parameter : StateDictionary.all(LAYOUT)) {
            float[] values = new float[parameter.elements()];
            Arrays.fill(values, tensors.size());
            tensors.put(parameter.name(), new NamedTensor(parameter.shape(), values));
        }
        return tensors;
    }

    private static Map<String, NamedTensor> renamed(UnaryOperator<String> rule) {
        Map<String, NamedTensor> tensors = new LinkedHashMap<>();
        file().forEach((name, tensor) -> tensors.put(rule.apply(name), tensor));
        return tensors;
    }

    private static ImportReport report(Map<String, NamedTensor> tensors) {
        return WeightsImport.match(tensors, LAYOUT, SOURCE).report();
    }

    private static void requireWhole(Map<String, NamedTensor> tensors) {
        ImportReport report = report(tensors);
        assertThat(report.loaded()).containsExactlyElementsOf(file().keySet());
        assertThat(report.missing()).isEmpty();
        assertThat(report.unexpected()).isEmpty();
        assertThat(report.otherClassifier()).isEmpty();
        try (Replica replica = fresh()) {
            WeightsImport.match(tensors, LAYOUT, SOURCE).apply(replica);
            requireEqual(StateDictionary.capture(replica), file());
        }
    }

    private static Replica fresh() {
        Replica replica = Nets.replica(SPEC, new ImageShape(4, 4), 2, RecomputeLevel.BOTTLENECK, 1);
        HeInitializer.initialize(replica, SEED);
        return replica;
    }

    private static void requireEqual(Map<String, NamedTensor> actual, Map<String, NamedTensor> expected) {
        expected.forEach(
                (name, tensor) -> assertThat(actual.get(name).values()).as(name).isEqualTo(tensor.values()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"I64", "I32", "BOOL", "U8"})
    void aTensorMoreIsReportedWhateverItsType(String type) {
        Map<String, NamedTensor> tensors = file();
        tensors.put("features.steps", NamedTensor.unread(List.of(), type));

        ImportReport report = report(tensors);

        assertThat(report.loaded()).containsExactlyElementsOf(file().keySet());
        assertThat(report.unexpected()).containsExactly("features.steps");
        assertThat(report.describe()).contains("unexpected, ignored (1): features.steps");
    }

    @ParameterizedTest
    @ValueSource(strings = {"I64", "BOOL"})
    void aTensorThatTheNetworkNeedsMustBeOfFloats(String type) {
        Map<String, NamedTensor> tensors = file();
        tensors.compute("features.conv0.weight", (name, tensor) -> NamedTensor.unread(tensor.shape(), type));

        assertThatThrownBy(() -> report(tensors))
                .isInstanceOf(ModelException.class)
                .hasMessage(SOURCE + ": tensor features.conv0.weight is " + type
                        + ", only [F32, F64, F16, BF16] are read; convert it to float32");
    }

    @Test
    void torchvisionsNamesOfTodayAreOurs() {
        requireWhole(file());
    }

    @Test
    void torchvisionsOldNamesOfALayersPartsAreRead() {
        requireWhole(renamed(name -> name.replaceAll("(denselayer\\d+\\.(?:norm|conv))([12])\\.", "$1.$2.")));
        assertThat(ForeignNames.translate("features.denseblock2.denselayer16.norm.1.running_var"))
                .isEqualTo("features.denseblock2.denselayer16.norm1.running_var");
        assertThat(ForeignNames.translate("features.transition1.norm.weight"))
                .isEqualTo("features.transition1.norm.weight");
    }

    @Test
    void theLastNormOfEfficientDensenetIsRead() {
        requireWhole(renamed(name -> name.replace("features.norm5.", "features.norm_final.")));
    }

    @Test
    void aCommonPrefixIsTakenOff() {
        requireWhole(renamed(name -> "module." + name));
        requireWhole(renamed(name -> "model.features_and_more." + name));
        requireWhole(renamed(name -> "module." + name.replace("features.norm5.", "features.norm_final.")));
    }

    @Test
    void ofTwoCopiesTheMoreCompleteOneIsTaken() {
        Map<String, NamedTensor> tensors = new LinkedHashMap<>();
        file().forEach((name, tensor) -> tensors.put("average." + name, tensor));
        tensors.remove("average.features.conv0.weight");
        tensors.putAll(renamed(name -> "model." + name));
        ImportReport report = report(tensors);
        assertThat(report.loaded()).hasSize(file().size());
        assertThat(report.unexpected()).hasSize(file().size() - 1).allSatisfy(name -> assertThat(name)
                .startsWith("average."));
    }

    @Test
    void ourOwnNameCountsBeforeAnotherOne() {
        Map<String, NamedTensor> tensors = new LinkedHashMap<>();
        tensors.put("features.norm_final.bias", new NamedTensor(List.of(9), new float[9]));
        tensors.putAll(file());
        assertThat(report(tensors).unexpected()).containsExactly("features.norm_final.bias");
        assertThat(report(tensors).missing()).isEmpty();
    }

    @Test
    void whatIsMissingStaysAsInitializedAndWhatIsUnexpectedIsIgnored() {
        List<String> missing = List.of("features.denseblock1.denselayer2.conv2.weight", "features.norm5.running_mean");
        Map<String, NamedTensor> tensors = file();
        tensors.keySet().removeAll(missing);
        tensors.put("features.head.weight", new NamedTensor(List.of(1), new float[1]));
        tensors.put("epoch", new NamedTensor(List.of(), new float[1]));
        WeightsImport found = WeightsImport.match(tensors, LAYOUT, SOURCE);

        assertThat(found.report().missing()).containsExactlyElementsOf(missing);
        assertThat(found.report().unexpected()).containsExactly("features.head.weight", "epoch");
        assertThat(found.report().loaded()).hasSize(file().size() - 2);
        try (Replica replica = fresh();
                Replica untouched = fresh()) {
            found.apply(replica);
            Map<String, NamedTensor> expected = file();
            Map<String, NamedTensor> initial = StateDictionary.capture(untouched);
            missing.forEach(name -> expected.put(name, initial.get(name)));
            requireEqual(StateDictionary.capture(replica), expected);
        }
    }

    @Test
    void aClassifierOfOtherClassesStaysAsInitializedAndAllElseIsLoaded() {
        Map<String, NamedTensor> tensors = file();
        tensors.put("classifier.weight", new NamedTensor(List.of(5, 9), new float[45]));
        tensors.put("classifier.bias", new NamedTensor(List.of(5), new float[5]));
        WeightsImport found = WeightsImport.match(tensors, LAYOUT, SOURCE);

        assertThat(found.report().otherClassifier()).containsExactly("classifier.weight", "classifier.bias");
        assertThat(found.report().missing()).isEmpty();
        assertThat(found.report().loaded()).hasSize(file().size() - 2);
        try (Replica replica = fresh();
                Replica untouched = fresh()) {
            found.apply(replica);
            Map<String, NamedTensor> expected = file();
            StateDictionary.capture(untouched).forEach((name, tensor) -> {
                if (name.startsWith("classifier.")) {
                    expected.put(name, tensor);
                }
            });
            requireEqual(StateDictionary.capture(replica), expected);
        }
    }

    @Test
    void aClassifierOfOtherClassesMayLackItsWeight() {
        Map<String, NamedTensor> tensors = file();
        tensors.remove("classifier.weight");
        tensors.put("classifier.bias", new NamedTensor(List.of(5), new float[5]));
        assertThat(report(tensors).otherClassifier()).containsExactly("classifier.bias");
        assertThat(report(tensors).missing()).containsExactly("classifier.weight");
    }

    @Test
    void anyOtherShapeIsAnErrorThatNamesBoth() {
        requireRefused("features.conv0.weight", List.of(6, 3, 3, 3), "[6, 2, 3, 3]");
        requireRefused("features.norm5.running_var", List.of(8), "[9]");
        // As many values, in another order.
        requireRefused("features.transition1.conv.weight", List.of(12, 6, 1, 1), "[6, 12, 1, 1]");
        // Another number of features is another network, whatever its classes are.
        requireRefused("classifier.weight", List.of(5, 8), "[3, 9]");
        requireRefused("classifier.weight", List.of(27), "[3, 9]");
        requireRefused("classifier.bias", List.of(5), "[3]");
    }

    private static void requireRefused(String name, List<Integer> shape, String needed) {
        Map<String, NamedTensor> tensors = file();
        int elements = shape.stream().reduce(1, Math::multiplyExact);
        tensors.put(name, new NamedTensor(shape, new float[elements]));
        assertThatThrownBy(() -> report(tensors))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(SOURCE + ": tensor " + name + " has shape " + shape)
                .hasMessageContaining("the network needs " + needed);
    }

    @Test
    void aFileOfAnotherKindOfNetworkIsRefused() {
        Map<String, NamedTensor> classifier = new LinkedHashMap<>(file());
        classifier.keySet().removeIf(name -> name.startsWith("features."));
        for (Map<String, NamedTensor> tensors : List.of(
                Map.<String, NamedTensor>of(),
                Map.of("layer1.0.conv1.weight", new NamedTensor(List.of(1), new float[1])),
                classifier)) {
            assertThatThrownBy(() -> report(tensors))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining(SOURCE)
                    .hasMessageContaining("another kind of network");
        }
    }

    @Test
    void aReportSaysEverythingInAFewLines() {
        List<String> many = List.of("a", "b", "c", "d", "e", "f", "g");
        ImportReport report = new ImportReport(SOURCE, List.of("x", "y"), many, List.of(), List.of("classifier.bias"));
        assertThat(report.describe().lines())
                .containsExactly(
                        "Initial weights from " + SOURCE + ": 2 tensors loaded",
                        "  classifier of another size, initialized (1): classifier.bias",
                        "  missing there, initialized (7): a, b, c, d, e, and 2 more");
    }
}
