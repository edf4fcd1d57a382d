package io.densespark.model.exchange.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.densespark.model.exchange.ProtobufLimit;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.weights.Json;
import io.densespark.model.weights.ModelDescription;
import io.densespark.model.weights.NamedTensor;
import io.densespark.model.weights.StateDictionary;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/**
 * A model for inference as ONNX, opset 17. The input {@value #INPUT} is {@code [N, C, H, W]}, normalized as the metadata
 * say, with any N; the output {@value #OUTPUT} is {@code [N, classes]}. Norms stay as they are, so every tensor is in the
 * file bit for bit, under PyTorch's name.
 *
 * <p>Metadata: {@code classes} (names, in order), {@code mean} and {@code std} (of each channel, for pixels in [0, 1]), each
 * as JSON, {@code image_size} as {@code HxW}, and {@code densespark.model}, the whole of model.json.
 */
public final class OnnxModel {
    /** Name of the graph's input. */
    public static final String INPUT = "images";

    /** Name of the graph's output. */
    public static final String OUTPUT = "logits";

    private static final String BATCH = "N";
    private static final int OPSET = 17;

    /** The first that knows opset 17. */
    private static final int IR_VERSION = 8;

    private OnnxModel() {}

    /**
     * Writes a model and leaves the stream open.
     *
     * @param state tensors by PyTorch's names
     * @throws io.densespark.model.ModelException if a tensor is missing or has another shape, or the model is too large for the format
     */
    public static void write(ModelDescription description, Map<String, NamedTensor> state, OutputStream out)
            throws IOException {
        ParameterLayout layout = ParameterLayout.of(description.specification());
        ProtobufLimit.require(layout, "an ONNX file");
        StateDictionary.requireAll(state, layout, "the model");
        ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("DenseSpark")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
                .setGraph(graph(description, state))
                .addMetadataProps(entry("classes", Json.line(description.classes())))
                .addMetadataProps(entry("mean", Json.line(description.mean())))
                .addMetadataProps(entry("std", Json.line(description.std())))
                .addMetadataProps(entry("image_size", description.image().toString()))
                .addMetadataProps(entry(ModelDescription.EMBEDDED, description.toJsonLine()))
                .build()
                .writeTo(out);
    }

    private static GraphProto graph(ModelDescription description, Map<String, NamedTensor> state) {
        DenseNetSpec spec = description.specification();
        GraphProto.Builder graph = GraphProto.newBuilder().setName("densenet");
        graph.addInput(value(
                        INPUT,
                        size(spec.inputChannels()),
                        size(description.image().height()),
                        size(description.image().width()))
                .setDocString("(pixels / 255 - mean) / std, by the metadata's mean and std of each channel"));
        graph.addOutput(value(OUTPUT, size(spec.classes()))
                .setDocString("one score for each class, the largest for the likeliest; softmax gives probabilities"));
        layers(spec, new OnnxGraph(graph, state));
        return graph.build();
    }

    private static void layers(DenseNetSpec spec, OnnxGraph graph) {
        String features = graph.convolution("features.conv0", INPUT, spec.stem().stride());
        if (spec.stem().pools()) {
            String norm = graph.norm("features.norm0", features);
            features = graph.maxPooling("features.pool0", graph.relu("features.relu0", norm));
        }
        for (int b = 0; b < spec.blocks().size(); b++) {
            for (int l = 0; l < spec.blocks().get(b); l++) {
                String name = ParameterLayout.layerName(b, l);
                features = graph.concat(name + ".concat", List.of(features, layer(spec, graph, name, features)));
            }
            if (b + 1 < spec.blocks().size()) {
                features = transition(graph, ParameterLayout.transitionName(b), features);
            }
        }
        String last = graph.relu("features.relu5", graph.norm("features.norm5", features));
        String pooled = graph.flatten("flatten", graph.globalAveragePooling("features.pool5", last));
        graph.linear("classifier", pooled, OUTPUT);
    }

    private static String layer(DenseNetSpec spec, OnnxGraph graph, String name, String features) {
        String first = graph.relu(name + ".relu1", graph.norm(name + ".norm1", features));
        String output = graph.convolution(name + ".conv1", first, 1);
        if (!spec.hasBottleneck()) {
            return output;
        }
        String second = graph.relu(name + ".relu2", graph.norm(name + ".norm2", output));
        return graph.convolution(name + ".conv2", second, 1);
    }

    private static String transition(OnnxGraph graph, String name, String features) {
        String activation = graph.relu(name + ".relu", graph.norm(name + ".norm", features));
        return graph.averagePooling(name + ".pool", graph.convolution(name + ".conv", activation, 1));
    }

    /** A float tensor whose first side is the batch. */
    private static ValueInfoProto.Builder value(String name, TensorShapeProto.Dimension... sides) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam(BATCH))
                .addAllDim(List.of(sides));
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(TensorProto.DataType.FLOAT.getNumber())
                                .setShape(shape)));
    }

    private static TensorShapeProto.Dimension size(int side) {
        return TensorShapeProto.Dimension.newBuilder().setDimValue(side).build();
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }
}
