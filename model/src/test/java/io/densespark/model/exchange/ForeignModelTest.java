package io.densespark.model.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.ModelException;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.network.Preset;
import io.densespark.model.weights.ModelDescription;
import io.densespark.model.weights.NamedTensor;
import io.densespark.model.weights.RandomModel;
import io.densespark.model.weights.RandomModel.Kind;
import io.densespark.model.weights.Safetensors;
import io.densespark.model.weights.StateDictionary;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignModelTest {
    private static final String SOURCE = "file:/there/model.safetensors";

    private static byte[] write(RandomModel model) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SafetensorsModel.write(model.description(), model.state(), out);
        return out.toByteArray();
    }

    private static ForeignModel read(byte[] file) throws IOException {
        return SafetensorsModel.read(new ByteArrayInputStream(file), SOURCE);
    }

    /** Tensors of zeros. */
    private static Map<String, NamedTensor> zeros(DenseNetSpec spec) {
        Map<String, NamedTensor> tensors = new LinkedHashMap<>();
        StateDictionary.all(ParameterLayout.of(spec))
                .forEach(parameter -> tensors.put(
                        parameter.name(), new NamedTensor(parameter.shape(), new float[parameter.elements()])));
        return tensors;
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aSafetensorsRoundTripChangesNoBitAndNoWordOfTheDescription(Kind kind) throws IOException {
        RandomModel model = kind.model();

        ForeignModel back = read(write(model));

        assertThat(back.description()).contains(model.description());
        assertThat(RandomModel.bits(back.state())).isEqualTo(RandomModel.bits(model.state()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "densenet-121",
                "densenet-169",
                "densenet-40-12",
                "densenet-bc-100-12",
                "densenet-bc-40-48",
                "densenet-bc-250-24"
            })
    void aPresetIsFoundByItsTensorsAlone(String preset) {
        DenseNetSpec spec = Preset.of(preset).spec();

        ForeignModel found = ForeignModel.of(zeros(spec), 0, SOURCE);

        assertThat(found.specification()).isEqualTo(spec);
        assertThat(found.description()).isEmpty();
        assertThat(found.state().keySet()).isEqualTo(zeros(spec).keySet());
    }

    @Test
    void namesOfEfficientDensenetPytorchInAWrapperAreUnderstood() {
        DenseNetSpec spec = DenseNetSpec.bc(16, 4, 3, 6);
        Map<String, NamedTensor> wrapped = new LinkedHashMap<>();
        zeros(spec).forEach((name, tensor) -> wrapped.put("module." + name.replace("norm5", "norm_final"), tensor));
        wrapped.put("epoch", new NamedTensor(List.of(1), new float[1]));

        assertThat(ForeignModel.of(wrapped, 0, SOURCE).specification()).isEqualTo(spec);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "features.conv0.weight",
                "features.norm5.running_var",
                "classifier.weight",
                "features.denseblock2.denselayer1.norm2.bias",
                "features.transition1.conv.weight"
            })
    void aMissingTensorIsNamed(String name) {
        Map<String, NamedTensor> tensors = zeros(DenseNetSpec.bc(16, 4, 3, 6));
        tensors.remove(name);

        assertThatThrownBy(() -> ForeignModel.of(tensors, 0, SOURCE))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll(SOURCE, name);
    }

    @Test
    void aTensorOfAnotherShapeIsNamedWithBothShapes() {
        Map<String, NamedTensor> tensors = zeros(DenseNetSpec.bc(16, 4, 3, 6));
        tensors.put("features.norm5.bias", new NamedTensor(List.of(2), new float[2]));

        assertThatThrownBy(() -> ForeignModel.of(tensors, 0, SOURCE))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll("features.norm5.bias", "[2]", "[16]");
    }

    @Test
    void transitionsOfDifferentSharesAreRefused() {
        DenseNetSpec spec = DenseNetSpec.bc(16, 4, 3, 6);
        Map<String, NamedTensor> tensors = zeros(spec);
        tensors.put("features.transition2.conv.weight", new NamedTensor(List.of(3, 16, 1, 1), new float[48]));

        assertThatThrownBy(() -> ForeignModel.of(tensors, 0, SOURCE))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("different shares");
    }

    @Test
    void theDescriptionOfAnotherNetworkIsRefused() throws IOException {
        RandomModel model = Kind.BC_22_12.model();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String another = Kind.WITH_DROPOUT.model().description().toJsonLine();
        Safetensors.write(new Safetensors.Content(model.state(), Map.of(ModelDescription.EMBEDDED, another)), out);

        assertThatThrownBy(() -> read(out.toByteArray()))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll(SOURCE, "its description is of another network");
    }

    @Test
    void aTruncatedFileIsRefused() throws IOException {
        byte[] file = write(Kind.WITH_DROPOUT.model());

        assertThatThrownBy(() -> read(Arrays.copyOf(file, file.length - 1)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("truncated");
    }

    @Test
    void theImageSizeFollowsFromTheLastFeatures() {
        ForeignModel small = ForeignModel.of(zeros(DenseNetSpec.bc(16, 4, 3, 6)), 0, SOURCE);
        ForeignModel imageNet = ForeignModel.of(zeros(Preset.of("densenet-121").spec()), 0, SOURCE);

        assertThat(small.endingWith(8).image()).contains(new ImageShape(32, 32));
        assertThat(imageNet.endingWith(7).image()).contains(new ImageShape(224, 224));
    }
}
