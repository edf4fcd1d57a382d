package io.densespark.model.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.model.ModelException;
import io.densespark.model.weights.NamedTensor;
import io.densespark.model.weights.RandomModel;
import io.densespark.model.weights.RandomModel.Kind;
import io.densespark.model.weights.Safetensors;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({"I64, 8", "I32, 4", "BOOL, 1", "U8, 1"})
    void aTensorMoreThanTheNetworkNeedsIsNamedWhateverItsType(String type, int bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SafetensorsModel.write(model.description(), model.state(), out);

        ForeignModel back = SafetensorsModel.read(
                new ByteArrayInputStream(withOneMore(out.toByteArray(), "epochs", type, bytes)), "there");

        assertThat(back.ignored()).containsExactly("epochs");
        assertThat(back.description()).contains(model.description());
        assertThat(RandomModel.bits(back.state())).isEqualTo(RandomModel.bits(model.state()));
    }

    /** The file with a tensor of one element behind all others. */
    private static byte[] withOneMore(byte[] file, String name, String type, int bytes) {
        int header = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        int data = file.length - Long.BYTES - header;
        String json = new String(file, Long.BYTES, header, StandardCharsets.UTF_8).strip();
        byte[] more = (json.substring(0, json.length() - 1) + ",\"" + name + "\":{\"dtype\":\"" + type
                        + "\",\"shape\":[],\"data_offsets\":[" + data + "," + (data + bytes) + "]}}")
                .getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + more.length + data + bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(more.length)
                .put(more)
                .put(file, Long.BYTES + header, data)
                .array();
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
