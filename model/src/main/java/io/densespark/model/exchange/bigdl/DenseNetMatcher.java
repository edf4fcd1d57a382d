package io.densespark.model.exchange.bigdl;

import io.densespark.model.exchange.bigdl.Signal.Features;
import io.densespark.model.exchange.bigdl.Signal.Node;
import io.densespark.model.exchange.bigdl.Signal.Operation;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.weights.NamedTensor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** Finds a DenseNet's parts in a traced model, from its output back to its input, and gives their tensors names. */
final class DenseNetMatcher {
    private static final int IMAGENET_KERNEL = 7;

    private final Layers layers;

    /** What lies behind the first part of each block, its transition or its stem. */
    private final Deque<List<Node>> blocks = new ArrayDeque<>();

    private final Set<Double> dropouts = new HashSet<>();
    private OptionalInt lastSide = OptionalInt.empty();

    DenseNetMatcher(Layers layers) {
        this.layers = layers;
    }

    /** Share of each layer's features that training drops; 0 for none. */
    double dropout() {
        return dropouts.isEmpty() ? 0 : dropouts.iterator().next();
    }

    /** Rows and columns of the last features, if the model fits one size of images only. */
    OptionalInt lastSide() {
        return lastSide;
    }

    /**
     * Takes all tensors.
     *
     * @param output what the model gives
     * @return by PyTorch's names
     * @throws io.densespark.model.ModelException naming the module that no DenseNet has at its place
     */
    Map<String, NamedTensor> match(Features output) {
        Features last = head(output);
        blocks.push(last.parts());
        Node entry = last.parts().get(0);
        while (entry.operation == Operation.AVERAGE_POOLING) {
            Features block = transitionInput(entry);
            blocks.push(block.parts());
            entry = block.parts().get(0);
        }
        stem(entry);
        int number = 0;
        for (List<Node> block : blocks) {
            if (number > 0) {
                transition(block.get(0), ParameterLayout.transitionName(number - 1));
            }
            for (int l = 0; l + 1 < block.size(); l++) {
                layer(block, l, ParameterLayout.layerName(number, l));
            }
            number++;
        }
        if (dropouts.size() > 1) {
            throw layers.unfit(
                    entry.path, "is followed by layers with dropouts " + dropouts + ", expected one for all");
        }
        return layers.state();
    }

    /** @return what the last norm reads */
    private Features head(Features output) {
        Node node = output.parts().get(0);
        if (node.operation == Operation.SOFT_MAX) {
            node = layers.before(node, Operation.LINEAR);
        }
        Node linear = layers.only(new Features(List.of(node)), Operation.LINEAR, "at its end");
        Node pooling = layers.before(flattened(linear), Operation.AVERAGE_POOLING);
        lastSide = layers.globalPoolingSide(pooling);
        Node norm = layers.before(layers.before(pooling, Operation.RELU), Operation.NORM);
        layers.norm(norm, "features.norm5");
        layers.linear(linear, "classifier");
        return norm.input;
    }

    private Node flattened(Node linear) {
        Node node = linear;
        while (node.input.parts().get(0).operation == Operation.FLATTEN) {
            node = layers.before(node, Operation.FLATTEN);
        }
        return node;
    }

    private void stem(Node entry) {
        if (entry.operation == Operation.MAX_POOLING) {
            layers.requirePooling(entry, 3, 2, 1);
            Node norm = layers.before(layers.before(entry, Operation.RELU), Operation.NORM);
            Node convolution = layers.before(norm, Operation.CONVOLUTION);
            layers.before(convolution, Operation.INPUT);
            layers.convolution(convolution, "features.conv0", IMAGENET_KERNEL, 2);
            layers.norm(norm, "features.norm0");
        } else {
            Node convolution = layers.only(new Features(List.of(entry)), Operation.CONVOLUTION, "of the first block");
            layers.before(convolution, Operation.INPUT);
            layers.convolution(convolution, "features.conv0", 3, 1);
        }
    }

    private Features transitionInput(Node pooling) {
        Node convolution = layers.before(pooling, Operation.CONVOLUTION);
        return layers.before(layers.before(convolution, Operation.RELU), Operation.NORM).input;
    }

    private void transition(Node pooling, String name) {
        layers.requirePooling(pooling, 2, 2, 0);
        Node convolution = layers.before(pooling, Operation.CONVOLUTION);
        layers.norm(layers.before(layers.before(convolution, Operation.RELU), Operation.NORM), name + ".norm");
        layers.convolution(convolution, name + ".conv", 1, 1);
    }

    /** @param block its input, then its layers' new features */
    private void layer(List<Node> block, int index, String name) {
        Node last = block.get(index + 1);
        if (last.operation == Operation.DROPOUT) {
            dropouts.add(layers.dropout(last));
            last = layers.before(last, Operation.CONVOLUTION);
        }
        Node norm = layers.before(layers.before(last, Operation.RELU), Operation.NORM);
        boolean hasBottleneck = norm.input.parts().size() == 1
                && norm.input.parts().get(0) != block.get(0)
                && norm.input.parts().get(0).operation == Operation.CONVOLUTION;
        if (hasBottleneck) {
            Node first = layers.before(norm, Operation.CONVOLUTION);
            Node firstNorm = layers.before(layers.before(first, Operation.RELU), Operation.NORM);
            requireAllBefore(firstNorm, block.subList(0, index + 1));
            layers.norm(firstNorm, name + ".norm1");
            layers.convolution(first, name + ".conv1", 1, 1);
            layers.norm(norm, name + ".norm2");
            layers.convolution(last, name + ".conv2", 3, 1);
        } else {
            requireAllBefore(norm, block.subList(0, index + 1));
            layers.norm(norm, name + ".norm1");
            layers.convolution(last, name + ".conv1", 3, 1);
        }
    }

    private void requireAllBefore(Node norm, List<Node> expected) {
        if (!norm.input.parts().equals(expected)) {
            throw layers.unfit(
                    norm.path,
                    "reads "
                            + norm.input.parts().stream().map(part -> part.path).toList()
                            + ", a dense layer reads all features before it in their order: "
                            + expected.stream().map(part -> part.path).toList());
        }
    }
}
