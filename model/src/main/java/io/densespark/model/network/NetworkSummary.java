package io.densespark.model.network;

import java.util.ArrayList;
import java.util.List;

/**
 * A network layer by layer, for images of one size: what each gives, and what it costs.
 *
 * <p>Multiply-adds are those of the forward pass of one image: {@code O·I·KH·KW·H·W} for a convolution whose output is
 * {@code [O, H, W]}, {@code classes·features} for the classifier, none for norms, ReLU and pooling (He et al., arXiv
 * 1512.03385, table 1, count so). A transition's are those of its definition, convolution before pooling; a program may
 * pool before it and do a quarter.
 *
 * @param layers from the image on
 */
public record NetworkSummary(List<Layer> layers) {
    public NetworkSummary {
        layers = List.copyOf(layers);
    }

    /** The kinds of layers, as users read them. */
    public enum Kind {
        CONVOLUTION,
        NORM_RELU,
        MAX_POOL,
        CONCATENATION,
        AVERAGE_POOL,
        LINEAR;

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * One layer.
     *
     * @param name PyTorch's name of the module; where it has none of its own, that of the module and what happens
     * @param kind what it does
     * @param channels that it gives
     * @param shape of the feature map that it gives
     * @param parameters that are trained
     * @param multiplyAdds of one image's forward pass
     */
    public record Layer(String name, Kind kind, int channels, ImageShape shape, long parameters, long multiplyAdds) {}

    /**
     * Lists the layers of {@code spec} for images of size {@code image}.
     *
     * @throws io.densespark.model.ModelException if the images are too small for the network
     */
    public static NetworkSummary of(DenseNetSpec spec, ImageShape image) {
        spec.requireFits(image);
        return new NetworkSummary(new Builder(spec, image).layers);
    }

    /** Trained parameters of all layers. */
    public long parameters() {
        return layers.stream().mapToLong(Layer::parameters).sum();
    }

    /** Multiply-adds of one image's forward pass. */
    public long multiplyAdds() {
        return layers.stream().mapToLong(Layer::multiplyAdds).sum();
    }

    private static final class Builder {
        private final List<Layer> layers = new ArrayList<>();
        private final ParameterLayout layout;

        Builder(DenseNetSpec spec, ImageShape image) {
            layout = ParameterLayout.of(spec);
            convolution("features.conv0", spec.stemShape(image));
            if (spec.stem().pools()) {
                norm("features.norm0", spec.stemShape(image));
                free("features.pool0", Kind.MAX_POOL, spec.stemChannels(), spec.blockShape(image, 0));
            }
            for (int b = 0; b < spec.blocks().size(); b++) {
                ImageShape shape = spec.blockShape(image, b);
                for (int l = 0; l < spec.blocks().get(b); l++) {
                    String layer = ParameterLayout.layerName(b, l);
                    norm(layer + ".norm1", shape);
                    convolution(layer + ".conv1", shape);
                    if (spec.hasBottleneck()) {
                        norm(layer + ".norm2", shape);
                        convolution(layer + ".conv2", shape);
                    }
                    free(layer, Kind.CONCATENATION, spec.layerInputChannels(b, l) + spec.growthRate(), shape);
                }
                if (b + 1 < spec.blocks().size()) {
                    String transition = ParameterLayout.transitionName(b);
                    norm(transition + ".norm", shape);
                    convolution(transition + ".conv", shape);
                    free(transition + ".pool", Kind.AVERAGE_POOL, spec.blockInputChannels(b + 1), shape.halved());
                }
            }
            norm("features.norm5", spec.blockShape(image, spec.blocks().size() - 1));
            ImageShape pixel = new ImageShape(1, 1);
            free("features.pool5", Kind.AVERAGE_POOL, spec.outputChannels(), pixel);
            long weights = elements("classifier.weight");
            layers.add(new Layer(
                    "classifier", Kind.LINEAR, spec.classes(), pixel, weights + elements("classifier.bias"), weights));
        }

        private void convolution(String name, ImageShape shape) {
            Parameter weight = layout.get(name + ".weight");
            layers.add(new Layer(
                    name,
                    Kind.CONVOLUTION,
                    weight.shape().get(0),
                    shape,
                    weight.elements(),
                    (long) weight.elements() * shape.pixels()));
        }

        private void norm(String name, ImageShape shape) {
            Parameter scale = layout.get(name + ".weight");
            long parameters = scale.elements() + elements(name + ".bias");
            layers.add(new Layer(name, Kind.NORM_RELU, scale.elements(), shape, parameters, 0));
        }

        private void free(String name, Kind kind, int channels, ImageShape shape) {
            layers.add(new Layer(name, kind, channels, shape, 0, 0));
        }

        private long elements(String parameter) {
            return layout.get(parameter).elements();
        }
    }
}
