package io.densespark.model.exchange.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.densespark.model.ModelException;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.weights.ModelDescription;
import io.densespark.model.weights.NamedTensor;
import io.densespark.model.weights.RandomModel;
import io.densespark.model.weights.RandomModel.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Exported models in ONNX Runtime, beside the replica. */
class OnnxModelTest {
    private static final int[] BATCHES = {1, 7};

    private static byte[] write(RandomModel model) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        OnnxModel.write(model.description(), model.state(), out);
        return out.toByteArray();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void onnxRuntimeAgreesWithTheReplicaAtAnyBatch(Kind kind) throws IOException, OrtException {
        RandomModel model = kind.model();
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            try (OrtSession session = environment.createSession(write(model), options)) {
                for (int count : BATCHES) {
                    float[] images = model.images(count);

                    float[] logits = run(environment, session, model, images, count);

                    assertThat(logits)
                            .hasSize(count * model.description().classes().size());
                    assertThat(RandomModel.relativeDifference(logits, model.logits(images, count)))
                            .isLessThan(1e-4);
                }
            }
        }
    }

    private static float[] run(
            OrtEnvironment environment, OrtSession session, RandomModel model, float[] images, int count)
            throws OrtException {
        ImageShape image = model.description().image();
        long[] shape = {count, model.description().specification().inputChannels(), image.height(), image.width()};
        try (OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(images), shape);
                OrtSession.Result result = session.run(Map.of("images", input))) {
            FloatBuffer output = ((OnnxTensor) result.get("logits").orElseThrow()).getFloatBuffer();
            float[] values = new float[output.remaining()];
            output.get(values);
            return values;
        }
    }

    @Test
    void everyTensorIsInTheFileBitForBit() throws IOException {
        RandomModel model = Kind.WITH_DROPOUT.model();
        Map<String, NamedTensor> written = new LinkedHashMap<>();
        ModelProto.parseFrom(write(model)).getGraph().getInitializerList().forEach(tensor -> {
            FloatBuffer bytes = tensor.getRawData()
                    .asReadOnlyByteBuffer()
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
            float[] values = new float[bytes.remaining()];
            bytes.get(values);
            List<Integer> shape =
                    tensor.getDimsList().stream().map(Math::toIntExact).toList();
            written.put(tensor.getName(), new NamedTensor(shape, values));
        });

        assertThat(RandomModel.bits(written)).isEqualTo(RandomModel.bits(model.state()));
    }

    @Test
    void theMetadataTellClassesAndPreprocessing() throws IOException, OrtException {
        RandomModel model = Kind.WITH_DROPOUT.model();
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(write(model), new OrtSession.SessionOptions())) {
            Map<String, String> metadata = session.getMetadata().getCustomMetadata();

            assertThat(session.getMetadata().getProducerName()).isEqualTo("DenseSpark");
            assertThat(metadata)
                    .containsEntry("classes", "[\"class \\\"0\\\"\",\"class \\\"1\\\"\",\"class \\\"2\\\"\"]")
                    .containsEntry("mean", "[0.25,0.25]")
                    .containsEntry("std", "[0.125,0.125]")
                    .containsEntry("image_size", "12x12");
            assertThat(ModelDescription.parse(metadata.get("densespark.model"), "metadata"))
                    .isEqualTo(model.description());
        }
    }

    @Test
    void theSameModelIsWrittenInTheSameBytes() throws IOException {
        assertThat(write(Kind.BC_22_12.model())).isEqualTo(write(Kind.BC_22_12.model()));
    }

    @Test
    void aTensorOfAnotherShapeIsNamedWithBothShapes() {
        RandomModel model = Kind.BC_22_12.model();
        Map<String, NamedTensor> state = new HashMap<>(model.state());
        state.put("classifier.bias", new NamedTensor(List.of(3), new float[3]));

        assertThatThrownBy(() -> OnnxModel.write(model.description(), state, new ByteArrayOutputStream()))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll("classifier.bias", "[3]", "[10]");
    }

    @Test
    void aModelThatIsTooLargeForTheFormatIsRefused() {
        ModelDescription description = new ModelDescription(
                DenseNetSpec.bc(400, 200, 3, 2),
                List.of("a", "b"),
                List.of(0.0, 0.0, 0.0),
                List.of(1.0, 1.0, 1.0),
                new ImageShape(32, 32));

        assertThatThrownBy(() -> OnnxModel.write(description, Map.of(), new ByteArrayOutputStream()))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll("an ONNX file can't have more than", "export it as safetensors");
    }
}
