package io.densespark.bigdl;

import com.intel.analytics.bigdl.nn.Sequential;
import com.intel.analytics.bigdl.nn.abstractnn.AbstractModule;
import com.intel.analytics.bigdl.nn.abstractnn.Activity;
import com.intel.analytics.bigdl.utils.Node;
import java.util.ArrayList;
import java.util.List;

/**
 * A DenseNet with bottlenecks and compression 0.5 as a user of BigDL would write it.
 *
 * @param style how features are joined: {@code concat}, {@code join} (ConcatTable and JoinTable) or {@code graph}
 * @param bias true for convolutions with bias, BigDL's default
 */
record BigDlDenseNet(
        String style, int channels, int classes, int growthRate, List<Integer> blocks, int side, boolean bias) {
    private static final int BOTTLENECK = 4;

    /** For images of {@code side} rows and columns. */
    AbstractModule<Activity, Activity, Object> build() {
        List<AbstractModule<Activity, Activity, Object>> parts = new ArrayList<>();
        int features = 2 * growthRate;
        parts.add(Modules.convolution(channels, features, 3, 1, bias));
        for (int b = 0; b < blocks.size(); b++) {
            for (int l = 0; l < blocks.get(b); l++) {
                parts.add(layer(features));
                features += growthRate;
            }
            if (b + 1 < blocks.size()) {
                parts.addAll(transition(features));
                features /= 2;
            }
        }
        boolean isGraph = style.equals("graph");
        parts.addAll(List.of(
                Modules.norm(features),
                Modules.relu(),
                Modules.averagePooling(isGraph ? 1 : side >> (blocks.size() - 1), isGraph),
                Modules.flatten(features),
                Modules.linear(features, classes),
                Modules.logSoftMax()));
        return isGraph ? graph(parts) : Modules.sequential(parts);
    }

    private AbstractModule<Activity, Activity, Object> layer(int features) {
        AbstractModule<Activity, Activity, Object> output = Modules.sequential(List.of(
                Modules.norm(features),
                Modules.relu(),
                Modules.convolution(features, BOTTLENECK * growthRate, 1, 1, bias),
                Modules.norm(BOTTLENECK * growthRate),
                Modules.relu(),
                Modules.convolution(BOTTLENECK * growthRate, growthRate, 3, 1, bias)));
        return switch (style) {
            case "concat" -> Modules.concat(List.of(Modules.identity(), output));
            case "join" -> Modules.joined(List.of(Modules.identity(), output));
            case "graph" -> output;
            default -> throw new IllegalArgumentException(style);
        };
    }

    private List<AbstractModule<Activity, Activity, Object>> transition(int features) {
        return List.of(
                Modules.norm(features),
                Modules.relu(),
                Modules.convolution(features, features / 2, 1, 1, bias),
                Modules.averagePooling(2, false));
    }

    /** Each module is a node; a Sequential, which is a layer's output here, is joined with what the layer reads. */
    private static AbstractModule<Activity, Activity, Object> graph(
            List<AbstractModule<Activity, Activity, Object>> parts) {
        Node<AbstractModule<Activity, Activity, Object>> input = Modules.BIGDL.createInput();
        Node<AbstractModule<Activity, Activity, Object>> last = input;
        for (AbstractModule<Activity, Activity, Object> part : parts) {
            Node<AbstractModule<Activity, Activity, Object>> node = Modules.BIGDL.createNode(part, List.of(last));
            boolean isLayer = part instanceof Sequential;
            last = isLayer ? Modules.BIGDL.createNode(Modules.join(), List.of(last, node)) : node;
        }
        return Modules.any(Modules.BIGDL.createModel(List.of(input), List.of(last)));
    }
}
