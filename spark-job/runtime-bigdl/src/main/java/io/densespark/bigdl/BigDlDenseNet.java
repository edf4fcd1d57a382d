package io.densespark.bigdl;

import com.intel.analytics.bigdl.nn.Sequential;
import com.intel.analytics.bigdl.nn.abstractnn.AbstractModule;
import com.intel.analytics.bigdl.nn.abstractnn.Activity;
import com.intel.analytics.bigdl.utils.Node;
import java.util.ArrayList;
import java.util.List;

/**
 * A DenseNet as a user of BigDL would write it: DenseNet-BC with compression 0.5, or the basic one without.
 *
 * @param style how features are joined: {@code concat}, {@code join} (ConcatTable and JoinTable) or {@code graph}
 * @param kind {@code bc}, {@code basic} (no bottlenecks, no compression), {@code imagenet} (bc with the ImageNet stem) or
 *     {@code dropout} (bc with a dropout behind each layer's last convolution)
 * @param bias true for convolutions with bias, BigDL's default
 */
record BigDlDenseNet(
        String style,
        String kind,
        int channels,
        int classes,
        int growthRate,
        List<Integer> blocks,
        int side,
        boolean bias) {
    private static final int BOTTLENECK = 4;
    private static final double DROPOUT = 0.25;

    /** For images of {@code side} rows and columns. */
    AbstractModule<Activity, Activity, Object> build() {
        List<AbstractModule<Activity, Activity, Object>> parts = new ArrayList<>();
        int features = 2 * growthRate;
        int lastSide = side >> (blocks.size() - 1);
        if (kind.equals("imagenet")) {
            lastSide /= 4;
            parts.addAll(List.of(
                    Modules.convolution(channels, features, 7, 2, bias),
                    Modules.norm(features),
                    Modules.relu(),
                    Modules.maxPooling()));
        } else {
            parts.add(Modules.convolution(channels, features, 3, 1, bias));
        }
        for (int b = 0; b < blocks.size(); b++) {
            for (int l = 0; l < blocks.get(b); l++) {
                parts.add(layer(features));
                features += growthRate;
            }
            if (b + 1 < blocks.size()) {
                int kept = isBasic() ? features : features / 2;
                parts.addAll(transition(features, kept));
                features = kept;
            }
        }
        boolean isGraph = style.equals("graph");
        parts.addAll(List.of(
                Modules.norm(features),
                Modules.relu(),
                Modules.averagePooling(isGraph ? 1 : lastSide, isGraph),
                Modules.flatten(features),
                Modules.linear(features, classes),
                Modules.logSoftMax()));
        return isGraph ? graph(parts) : Modules.sequential(parts);
    }

    private AbstractModule<Activity, Activity, Object> layer(int features) {
        int width = features;
        List<AbstractModule<Activity, Activity, Object>> parts = new ArrayList<>();
        if (!isBasic()) {
            width = BOTTLENECK * growthRate;
            parts.addAll(
                    List.of(Modules.norm(features), Modules.relu(), Modules.convolution(features, width, 1, 1, bias)));
        }
        parts.addAll(List.of(Modules.norm(width), Modules.relu(), Modules.convolution(width, growthRate, 3, 1, bias)));
        if (kind.equals("dropout")) {
            parts.add(Modules.dropout(DROPOUT));
        }
        AbstractModule<Activity, Activity, Object> output = Modules.sequential(parts);
        return switch (style) {
            case "concat" -> Modules.concat(List.of(Modules.identity(), output));
            case "join" -> Modules.joined(List.of(Modules.identity(), output));
            case "graph" -> output;
            default -> throw new IllegalArgumentException(style);
        };
    }

    private boolean isBasic() {
        return kind.equals("basic");
    }

    private List<AbstractModule<Activity, Activity, Object>> transition(int features, int kept) {
        return List.of(
                Modules.norm(features),
                Modules.relu(),
                Modules.convolution(features, kept, 1, 1, bias),
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
