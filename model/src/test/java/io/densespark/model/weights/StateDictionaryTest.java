package io.densespark.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.ModelException;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.network.Parameter;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.replica.Nets;
import io.densespark.model.replica.Replica;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StateDictionaryTest {
    private static final DenseNetSpec SPEC = Nets.spec(2, 3, 3, List.of(2, 1));
    private static final String KERNEL = "features.denseblock1.denselayer2.conv2.weight";

    private static Replica replica() {
        return Nets.replica(SPEC, new ImageShape(4, 4), 2, RecomputeLevel.BOTTLENECK, 1);
    }

    private static Replica filled(long seed) {
        Replica replica = replica();
        Random random = new Random(seed);
        for (var vector : List.of(replica.parameters(), replica.runningStatistics())) {
            float[] values = new float[vector.length()];
            for (int i = 0; i < values.length; i++) {
                values[i] = Float.intBitsToFloat(random.nextInt());
            }
            vector.set(values);
        }
        return replica;
    }

    private static void requireEqual(Replica actual, Replica expected) {
        assertThat(actual.parameters().toFloats())
                .isEqualTo(expected.parameters().toFloats());
        assertThat(actual.runningStatistics().toFloats())
                .isEqualTo(expected.runningStatistics().toFloats());
    }

    @Test
    void whatWasCapturedWrittenAndReadRestoresEveryBit() throws IOException {
        try (Replica from = filled(1);
                Replica to = replica()) {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            Safetensors.write(StateDictionary.capture(from), file);
            StateDictionary.restore(Safetensors.read(new ByteArrayInputStream(file.toByteArray()), "file"), to, "file");
            requireEqual(to, from);
        }
    }

    @Test
    void aDictionaryHoldsEveryParameterAndStatisticInPyTorchsShape() {
        try (Replica replica = replica()) {
            Map<String, NamedTensor> state = StateDictionary.capture(replica);
            List<Parameter> all = new java.util.ArrayList<>(replica.layout().parameters());
            all.addAll(replica.layout().runningStatistics());
            assertThat(state).hasSize(all.size());
            all.forEach(p -> assertThat(state.get(p.name()).shape()).isEqualTo(p.shape()));
        }
    }

    @Test
    void kernelsTurnFromOutputRowsColumnsInputToPyTorchsOrder() {
        try (Replica replica = replica()) {
            Parameter kernel = replica.layout().get(KERNEL);
            int outputs = kernel.shape().get(0);
            int inputs = kernel.shape().get(1);
            float[] flat = new float[kernel.elements()];
            for (int o = 0; o < outputs; o++) {
                for (int y = 0; y < 3; y++) {
                    for (int x = 0; x < 3; x++) {
                        for (int i = 0; i < inputs; i++) {
                            flat[((o * 3 + y) * 3 + x) * inputs + i] = code(o, i, y, x);
                        }
                    }
                }
            }
            replica.parameters().slice((int) kernel.offset(), flat.length).set(flat);

            float[] logical = StateDictionary.capture(replica).get(KERNEL).values();

            int at = 0;
            for (int o = 0; o < outputs; o++) {
                for (int i = 0; i < inputs; i++) {
                    for (int y = 0; y < 3; y++) {
                        for (int x = 0; x < 3; x++) {
                            assertThat(logical[at++]).isEqualTo(code(o, i, y, x));
                        }
                    }
                }
            }
        }
    }

    private static float code(int output, int input, int y, int x) {
        return output * 10_000 + input * 100 + y * 10 + x;
    }

    @Test
    void theLastNormIsReadByItsOtherNameAsWell() {
        try (Replica from = filled(2);
                Replica to = replica()) {
            Map<String, NamedTensor> renamed = new HashMap<>();
            StateDictionary.capture(from)
                    .forEach((name, tensor) -> renamed.put(name.replace(".norm5.", ".norm_final."), tensor));
            renamed.put("something.else", new NamedTensor(List.of(1), new float[1]));
            StateDictionary.restore(renamed, to, "file");
            requireEqual(to, from);
        }
    }

    @Test
    void aMissingTensorIsNamedAndTheReplicaUnchanged() {
        for (String name : List.of("classifier.bias", "features.norm5.running_var", KERNEL)) {
            requireRefused(state -> state.remove(name), "other.safetensors has no tensor " + name);
        }
    }

    @Test
    void aTensorOfAnotherShapeIsNamedWithBothShapesAndTheReplicaUnchanged() {
        requireRefused(
                state -> state.put("classifier.weight", new NamedTensor(List.of(1, 2), new float[2])),
                "classifier.weight has shape [1, 2], the network needs [3, 9]");
        // As many values, in another order.
        requireRefused(state -> state.put(KERNEL, new NamedTensor(List.of(3, 3, 3, 12), new float[324])), KERNEL);
    }

    private static void requireRefused(java.util.function.Consumer<Map<String, NamedTensor>> damage, String message) {
        try (Replica from = filled(3);
                Replica to = filled(4);
                Replica before = filled(4)) {
            Map<String, NamedTensor> state = new HashMap<>(StateDictionary.capture(from));
            damage.accept(state);
            assertThatThrownBy(() -> StateDictionary.restore(state, to, "other.safetensors"))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("other.safetensors")
                    .hasMessageContaining(message);
            requireEqual(to, before);
        }
    }

    @Test
    void aTensorThatDoesntFitItsShapeIsAProgrammingError() {
        assertThatThrownBy(() -> new NamedTensor(List.of(2, 3), new float[5]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[2, 3]")
                .hasMessageContaining("5 values");
    }
}
