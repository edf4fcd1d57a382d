package io.densespark.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.ModelException;
import io.densespark.model.weights.RandomModel.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SafetensorsModelTest {
    private final RandomModel model = Kind.WITH_DROPOUT.model();

    @Test
    void aMissingTensorIsNamedBeforeAnythingIsWritten() {
        Map<String, NamedTensor> state = new LinkedHashMap<>(model.state());
        state.remove("classifier.bias");
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        assertThatThrownBy(() -> SafetensorsModel.write(model.description(), state, out))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("classifier.bias");
        assertThat(out.size()).isZero();
    }

    @Test
    void aTensorWithoutElementsIsNoPartOfADenseNet() throws IOException {
        Map<String, NamedTensor> state = new LinkedHashMap<>(model.state());
        String name = "features.denseblock1.denselayer1.conv2.weight";
        state.put(name, new NamedTensor(List.of(0, 10, 3, 3), new float[0]));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Safetensors.write(state, out);

        assertThatThrownBy(() -> SafetensorsModel.read(new ByteArrayInputStream(out.toByteArray()), "there"))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll("there", name, "[0, 10, 3, 3]");
    }
}
