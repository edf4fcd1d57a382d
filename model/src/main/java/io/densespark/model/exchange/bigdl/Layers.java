package io.densespark.model.exchange.bigdl;

import com.intel.analytics.bigdl.serialization.Bigdl.AttrValue;
import com.intel.analytics.bigdl.serialization.Bigdl.InputDataFormat;
import io.densespark.model.ModelException;
import io.densespark.model.exchange.bigdl.Signal.Features;
import io.densespark.model.exchange.bigdl.Signal.Node;
import io.densespark.model.exchange.bigdl.Signal.Operation;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.weights.NamedTensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Takes the tensors out of convolutions, norms and linear layers, after checking that they compute what a DenseNet's do.
 *
 * <p>Convolutions of a DenseNet have no bias, BigDL's have one by default. Every way from a convolution leads through a
 * norm, perhaps after an average pooling, and a norm in evaluation mode subtracts its running mean m: (x + b) - m = x -
 * (m - b). So a bias becomes part of the running means of the norms that read it.
 */
final class Layers {
    private final TensorReader tensors;
    private final String source;
    private final Map<String, NamedTensor> state = new LinkedHashMap<>();
    private final Map<Node, NamedTensor> weights = new HashMap<>();

    /** @param source what to name in an error */
    Layers(TensorReader tensors, String source) {
        this.tensors = tensors;
        this.source = source;
    }

    /** The tensors taken so far, by PyTorch's names. */
    Map<String, NamedTensor> state() {
        return state;
    }

    /** The only part of {@code features}, which must be an operation of that kind. */
    Node only(Features features, Operation expected, String path) {
        if (features.parts().size() != 1) {
            throw unfit(path, "reads " + features.parts().size() + " joined parts, expected one");
        }
        Node node = features.parts().get(0);
        if (node.operation != expected) {
            throw unfit(path, "reads " + node.path + ", a DenseNet has " + expected.title + " there");
        }
        return node;
    }

    /** As {@link #only} for what {@code node} reads. */
    Node before(Node node, Operation expected) {
        return only(node.input, expected, node.path);
    }

    ModelException unfit(String path, String why) {
        return new ModelException(source + ": module " + path + " " + why + "; only DenseNets can be imported");
    }

    /** Takes a convolution's weight as {@code name.weight}, {@code [O, I, KH, KW]}. */
    void convolution(Node node, String name, int kernel, int stride) {
        int padding = integer(node, "padW");
        // -1 stands for as much padding as keeps the size.
        boolean isPadded = padding == kernel / 2 || (padding == -1 && stride == 1);
        if (integer(node, "kernelW") != kernel
                || integer(node, "kernelH") != kernel
                || integer(node, "strideW") != stride
                || integer(node, "strideH") != stride
                || integer(node, "nGroup") != 1
                || integer(node, "padH") != padding
                || !isPadded) {
            throw unfit(
                    node.path,
                    "is no " + kernel + "x" + kernel + " convolution with stride " + stride + ", padding " + kernel / 2
                            + " and one group, which a DenseNet has there");
        }
        requireChannelsFirst(node, "format");
        NamedTensor weight = weight(node);
        if (weight.shape().size() != 4
                || integer(node, "nOutputPlane") != weight.shape().get(0)
                || integer(node, "nInputPlane") != weight.shape().get(1)) {
            throw unfit(
                    node.path,
                    "has " + integer(node, "nOutputPlane") + " outputs and " + integer(node, "nInputPlane")
                            + " inputs, but weights of shape " + weight.shape());
        }
        state.put(name + ".weight", weight);
    }

    /** A convolution's weight {@code [O, I, KH, KW]}, read once: norms behind it ask for its outputs. */
    private NamedTensor weight(Node convolution) {
        return weights.computeIfAbsent(convolution, node -> {
            NamedTensor weight = parameter(node, 0);
            // In BigDL, the number of groups comes first.
            return weight.shape().size() == 5 ? new NamedTensor(weight.shape().subList(1, 5), weight.values()) : weight;
        });
    }

    /** Takes a norm's four tensors, each {@code [C]}, as {@code name.weight} and so on. */
    void norm(Node node, String name) {
        double epsilon = attribute(node, "eps").getDoubleValue();
        if (epsilon != DenseNetSpec.NORM_EPSILON || !attribute(node, "affine").getBoolValue()) {
            throw unfit(
                    node.path,
                    "has eps " + epsilon + " or is not affine, DenseSpark's norms are affine with eps "
                            + DenseNetSpec.NORM_EPSILON);
        }
        requireChannelsFirst(node, "dataFormat");
        NamedTensor mean = tensor(node, "runningMean");
        float[] bias = bias(node.input);
        float[] shifted = new float[mean.values().length];
        if (bias.length != shifted.length) {
            throw unfit(node.path, "normalizes " + shifted.length + " channels but reads " + bias.length);
        }
        for (int c = 0; c < shifted.length; c++) {
            shifted[c] = mean.values()[c] - bias[c];
        }
        state.put(name + ".weight", parameter(node, 0));
        state.put(name + ".bias", parameter(node, 1));
        state.put(name + ".running_mean", new NamedTensor(mean.shape(), shifted));
        state.put(name + ".running_var", tensor(node, "runningVar"));
    }

    /** Takes a linear layer's weight {@code [O, I]} and bias {@code [O]}. */
    void linear(Node node, String name) {
        NamedTensor weight = parameter(node, 0);
        int outputs = weight.shape().get(0);
        state.put(name + ".weight", weight);
        state.put(
                name + ".bias",
                node.module.getParametersCount() > 1
                        ? parameter(node, 1)
                        : new NamedTensor(List.of(outputs), new float[outputs]));
    }

    void requirePooling(Node node, int size, int stride, int padding) {
        if (integer(node, "kW") != size
                || integer(node, "kH") != size
                || integer(node, "dW") != stride
                || integer(node, "dH") != stride
                || integer(node, "padW") != padding
                || integer(node, "padH") != padding
                || attribute(node, "ceil_mode").getBoolValue()
                || attribute(node, "ceilMode").getBoolValue()
                || attribute(node, "globalPooling").getBoolValue()) {
            throw unfit(
                    node.path,
                    "is no pooling of " + size + "x" + size + " with stride " + stride + " and padding " + padding
                            + ", which a DenseNet has there");
        }
        requireChannelsFirst(node, "format");
        if (node.operation == Operation.AVERAGE_POOLING) {
            requireTrue(node, "divide", "sums its windows, a DenseNet takes their mean");
        }
    }

    /**
     * The side of the features that the last pooling takes in one window.
     *
     * @return empty if it takes features of any size
     */
    OptionalInt globalPoolingSide(Node node) {
        requireTrue(node, "divide", "sums the features, a DenseNet takes their mean");
        if (attribute(node, "globalPooling").getBoolValue()) {
            return OptionalInt.empty();
        }
        int side = integer(node, "kW");
        requirePooling(node, side, integer(node, "dW"), 0);
        return OptionalInt.of(side);
    }

    /** The share of features that a dropout sets to zero in training. */
    double dropout(Node node) {
        requireTrue(node, "scale", "scales features when it infers, DenseSpark's dropout does so when it trains");
        return attribute(node, "initP").getDoubleValue();
    }

    /** True is BigDL's default, for both attributes that are asked for. */
    private void requireTrue(Node node, String attribute, String otherwise) {
        if (node.module.containsAttr(attribute) && !attribute(node, attribute).getBoolValue()) {
            throw unfit(node.path, otherwise);
        }
    }

    /** What the convolutions behind {@code features} have added to each channel. */
    private float[] bias(Features features) {
        List<float[]> parts = features.parts().stream().map(this::bias).toList();
        int length = parts.stream().mapToInt(part -> part.length).sum();
        float[] joined = new float[length];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, joined, at, part.length);
            at += part.length;
        }
        return joined;
    }

    private float[] bias(Node node) {
        return switch (node.operation) {
            case CONVOLUTION ->
                node.module.getParametersCount() > 1
                        ? parameter(node, 1).values()
                        : new float[weight(node).shape().get(0)];
            // A mean of windows without padding keeps what is the same everywhere.
            case AVERAGE_POOLING, DROPOUT -> bias(node.input);
            // Its own norm has taken it.
            case MAX_POOLING -> {
                Node norm = before(before(node, Operation.RELU), Operation.NORM);
                yield new float[parameter(norm, 0).values().length];
            }
            default -> throw unfit(node.path, "stands before a norm");
        };
    }

    private NamedTensor parameter(Node node, int index) {
        if (node.module.getParametersCount() <= index) {
            throw unfit(node.path, "has no weights, as BigDL before 0.6 saved them; save the model again");
        }
        return tensors.read(node.module.getParameters(index), node.path);
    }

    private NamedTensor tensor(Node node, String attribute) {
        return tensors.read(attribute(node, attribute).getTensorValue(), node.path);
    }

    private void requireChannelsFirst(Node node, String attribute) {
        if (attribute(node, attribute).getDataFormatValue() != InputDataFormat.NCHW) {
            throw unfit(node.path, "works on NHWC, expected NCHW");
        }
    }

    private static int integer(Node node, String attribute) {
        return attribute(node, attribute).getInt32Value();
    }

    private static AttrValue attribute(Node node, String name) {
        return node.module.getAttrOrDefault(name, AttrValue.getDefaultInstance());
    }
}
