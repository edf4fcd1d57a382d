package io.densespark.model.exchange.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.weights.NamedTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A graph under construction: each method adds an operator, in the meaning of opset 17, and gives the name of its output,
 * which is the node's. Tensors become initializers under their own names. Not thread-safe.
 */
final class OnnxGraph {
    private final GraphProto.Builder graph;
    private final Map<String, NamedTensor> state;

    /** @param state by PyTorch's names */
    OnnxGraph(GraphProto.Builder graph, Map<String, NamedTensor> state) {
        this.graph = graph;
        this.state = state;
    }

    /** Without bias; padded so that stride 1 keeps the size. */
    String convolution(String name, String input, int stride) {
        int kernel = tensor(name + ".weight").shape().get(2);
        return add(window("Conv", name, kernel, stride, kernel / 2)
                .addInput(input)
                .addInput(initializer(name + ".weight")));
    }

    String norm(String name, String input) {
        return add(node("BatchNormalization", name)
                .addInput(input)
                .addInput(initializer(name + ".weight"))
                .addInput(initializer(name + ".bias"))
                .addInput(initializer(name + ".running_mean"))
                .addInput(initializer(name + ".running_var"))
                .addAttribute(real("epsilon", (float) DenseNetSpec.NORM_EPSILON)));
    }

    String relu(String name, String input) {
        return add(node("Relu", name).addInput(input));
    }

    /** Joins along the channels. */
    String concat(String name, List<String> inputs) {
        return add(node("Concat", name).addAllInput(inputs).addAttribute(integer("axis", 1)));
    }

    /** Windows of 3x3 at every second row and column, padded by one. */
    String maxPooling(String name, String input) {
        return add(window("MaxPool", name, 3, 2, 1).addInput(input));
    }

    /** Windows of 2x2 side by side; an odd last row or column is dropped. */
    String averagePooling(String name, String input) {
        return add(window("AveragePool", name, 2, 2, 0).addInput(input));
    }

    String globalAveragePooling(String name, String input) {
        return add(node("GlobalAveragePool", name).addInput(input));
    }

    /** {@code [N, C, 1, 1]} to {@code [N, C]}. */
    String flatten(String name, String input) {
        return add(node("Flatten", name).addInput(input).addAttribute(integer("axis", 1)));
    }

    /** A linear layer; its output has a name of its own. */
    void linear(String name, String input, String output) {
        graph.addNode(node("Gemm", name)
                .addInput(input)
                .addInput(initializer(name + ".weight"))
                .addInput(initializer(name + ".bias"))
                .addAttribute(integer("transB", 1))
                .addOutput(output));
    }

    private String add(NodeProto.Builder node) {
        graph.addNode(node.addOutput(node.getName()));
        return node.getName();
    }

    private static NodeProto.Builder node(String operator, String name) {
        return NodeProto.newBuilder().setOpType(operator).setName(name);
    }

    private static NodeProto.Builder window(String operator, String name, int kernel, int stride, int padding) {
        return node(operator, name)
                .addAttribute(integers("kernel_shape", List.of((long) kernel, (long) kernel)))
                .addAttribute(integers("strides", List.of((long) stride, (long) stride)))
                .addAttribute(
                        integers("pads", List.of((long) padding, (long) padding, (long) padding, (long) padding)));
    }

    private String initializer(String name) {
        NamedTensor tensor = tensor(name);
        ByteBuffer bytes =
                ByteBuffer.allocate(Float.BYTES * tensor.values().length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(tensor.values());
        TensorProto.Builder proto = TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.FLOAT.getNumber())
                .setRawData(ByteString.copyFrom(bytes));
        tensor.shape().forEach(proto::addDims);
        graph.addInitializer(proto);
        return name;
    }

    private static AttributeProto integer(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    private static AttributeProto integers(String name, List<Long> values) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INTS)
                .addAllInts(values)
                .build();
    }

    private static AttributeProto real(String name, float value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.FLOAT)
                .setF(value)
                .build();
    }

    /** Whoever made this has asked for all tensors of the network. */
    private NamedTensor tensor(String name) {
        return Objects.requireNonNull(state.get(name), name);
    }
}
