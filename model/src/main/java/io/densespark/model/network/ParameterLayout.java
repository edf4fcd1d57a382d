package io.densespark.model.network;

import io.densespark.model.network.Parameter.Kind;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each parameter and each running statistic of a network lies: all parameters in one flat vector, all running
 * statistics in another, each in the order of PyTorch's {@code named_parameters()}.
 */
public final class ParameterLayout {
    private final Map<String, Parameter> parameters;
    private final Map<String, Parameter> runningStatistics;
    private final long parameterCount;
    private final long runningCount;

    private ParameterLayout(Builder builder) {
        parameters = Collections.unmodifiableMap(builder.parameters);
        runningStatistics = Collections.unmodifiableMap(builder.running);
        parameterCount = builder.parameterCount;
        runningCount = builder.runningCount;
    }

    /** Lays out the network {@code spec}. */
    public static ParameterLayout of(DenseNetSpec spec) {
        Builder builder = new Builder();
        builder.convolution(
                "features.conv0",
                spec.stemChannels(),
                spec.inputChannels(),
                spec.stem().kernel());
        if (spec.stem().pools()) {
            builder.norm("features.norm0", spec.stemChannels());
        }
        for (int b = 0; b < spec.blocks().size(); b++) {
            for (int l = 0; l < spec.blocks().get(b); l++) {
                String layer = layerName(b, l);
                builder.norm(layer + ".norm1", spec.layerInputChannels(b, l));
                if (spec.hasBottleneck()) {
                    builder.convolution(layer + ".conv1", spec.bottleneckChannels(), spec.layerInputChannels(b, l), 1);
                    builder.norm(layer + ".norm2", spec.bottleneckChannels());
                    builder.convolution(layer + ".conv2", spec.growthRate(), spec.bottleneckChannels(), 3);
                } else {
                    builder.convolution(layer + ".conv1", spec.growthRate(), spec.layerInputChannels(b, l), 3);
                }
            }
            if (b + 1 < spec.blocks().size()) {
                String transition = transitionName(b);
                builder.norm(transition + ".norm", spec.blockOutputChannels(b));
                builder.convolution(
                        transition + ".conv", spec.blockInputChannels(b + 1), spec.blockOutputChannels(b), 1);
            }
        }
        builder.norm("features.norm5", spec.outputChannels());
        builder.add(Kind.LINEAR_WEIGHT, "classifier.weight", List.of(spec.classes(), spec.outputChannels()));
        builder.add(Kind.LINEAR_BIAS, "classifier.bias", List.of(spec.classes()));
        return new ParameterLayout(builder);
    }

    /** The name of a layer's module, both indices counted from 0. */
    public static String layerName(int block, int layer) {
        return "features.denseblock" + (block + 1) + ".denselayer" + (layer + 1);
    }

    /** The name of the transition behind block {@code block}, counted from 0. */
    public static String transitionName(int block) {
        return "features.transition" + (block + 1);
    }

    public List<Parameter> parameters() {
        return List.copyOf(parameters.values());
    }

    /** The weights of the convolutions, in the order of {@link #parameters}. */
    public List<Parameter> convolutions() {
        return parameters.values().stream()
                .filter(parameter -> parameter.kind() == Kind.CONVOLUTION)
                .toList();
    }

    /** What is multiplied: the weights of the convolutions and the classifier's. */
    public List<Parameter> weights() {
        return parameters.values().stream()
                .filter(parameter -> parameter.kind() == Kind.CONVOLUTION || parameter.kind() == Kind.LINEAR_WEIGHT)
                .toList();
    }

    public List<Parameter> runningStatistics() {
        return List.copyOf(runningStatistics.values());
    }

    /** Shape of each parameter by name, in order. */
    public Map<String, List<Integer>> shapes() {
        Map<String, List<Integer>> shapes = new LinkedHashMap<>();
        parameters.values().forEach(parameter -> shapes.put(parameter.name(), parameter.shape()));
        return shapes;
    }

    /** Length of the flat vector of parameters. */
    public long parameterCount() {
        return parameterCount;
    }

    /** Length of the flat vector of running statistics. */
    public long runningCount() {
        return runningCount;
    }

    /** The parameter or running statistic of that name; the name must be one of this layout's. */
    public Parameter get(String name) {
        Parameter parameter = parameters.get(name);
        Parameter found = parameter != null ? parameter : runningStatistics.get(name);
        if (found == null) {
            throw new IllegalArgumentException("no parameter named " + name);
        }
        return found;
    }

    private static final class Builder {
        private final Map<String, Parameter> parameters = new LinkedHashMap<>();
        private final Map<String, Parameter> running = new LinkedHashMap<>();
        private long parameterCount;
        private long runningCount;

        void convolution(String module, int out, int in, int kernel) {
            add(Kind.CONVOLUTION, module + ".weight", List.of(out, in, kernel, kernel));
        }

        void norm(String module, int channels) {
            List<Integer> shape = List.of(channels);
            add(Kind.NORM_SCALE, module + ".weight", shape);
            add(Kind.NORM_SHIFT, module + ".bias", shape);
            addRunning(Kind.RUNNING_MEAN, module + ".running_mean", shape);
            addRunning(Kind.RUNNING_VARIANCE, module + ".running_var", shape);
        }

        void add(Kind kind, String name, List<Integer> shape) {
            Parameter parameter = new Parameter(name, kind, shape, parameterCount);
            parameters.put(name, parameter);
            parameterCount += parameter.elements();
        }

        private void addRunning(Kind kind, String name, List<Integer> shape) {
            Parameter parameter = new Parameter(name, kind, shape, runningCount);
            running.put(name, parameter);
            runningCount += parameter.elements();
        }
    }
}
