package io.densespark.model.exchange.bigdl;

import com.intel.analytics.bigdl.serialization.Bigdl.AttrValue;
import com.intel.analytics.bigdl.serialization.Bigdl.BigDLModule;
import io.densespark.model.ModelException;
import io.densespark.model.exchange.bigdl.Signal.Features;
import io.densespark.model.exchange.bigdl.Signal.Node;
import io.densespark.model.exchange.bigdl.Signal.Operation;
import io.densespark.model.exchange.bigdl.Signal.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Follows a signal through a model, whichever of BigDL's containers it is built of: Sequential, Concat, ConcatTable with
 * JoinTable, or a graph. What is left are its operations and what each reads.
 */
final class Tracer {
    private static final int CHANNELS = 2;

    private static final Map<String, Operation> OPERATIONS = Map.ofEntries(
            Map.entry("SpatialConvolution", Operation.CONVOLUTION),
            Map.entry("SpatialBatchNormalization", Operation.NORM),
            Map.entry("ReLU", Operation.RELU),
            Map.entry("SpatialMaxPooling", Operation.MAX_POOLING),
            Map.entry("SpatialAveragePooling", Operation.AVERAGE_POOLING),
            Map.entry("Dropout", Operation.DROPOUT),
            Map.entry("Reshape", Operation.FLATTEN),
            Map.entry("InferReshape", Operation.FLATTEN),
            Map.entry("View", Operation.FLATTEN),
            Map.entry("Linear", Operation.LINEAR),
            Map.entry("LogSoftMax", Operation.SOFT_MAX),
            Map.entry("SoftMax", Operation.SOFT_MAX));

    private final String source;

    /** @param source what to name in an error */
    Tracer(String source) {
        this.source = source;
    }

    /**
     * Traces a whole model.
     *
     * @throws ModelException naming a module that no DenseNet has, by its path in the model
     */
    Features trace(BigDLModule model) {
        Features input =
                new Features(List.of(new Node(Operation.INPUT, model, "the model's input", new Features(List.of()))));
        return features(run(model, input, label(model)), label(model));
    }

    private Signal run(BigDLModule module, Signal input, String path) {
        String type = type(module);
        return switch (type) {
            case "Identity", "Input" -> input;
            case "Sequential" -> sequential(module, input, path);
            case "Concat" -> {
                requireChannels(path, integer(module, "dimension"), 0);
                yield join(branches(module, input, path), path);
            }
            case "ConcatTable" -> branches(module, input, path);
            case "JoinTable" -> {
                requireChannels(path, integer(module, "dimension"), integer(module, "nInputDims"));
                yield join(input, path);
            }
            case "StaticGraph", "Graph" -> graph(module, input, path);
            default -> operation(module, input, path);
        };
    }

    private Features operation(BigDLModule module, Signal input, String path) {
        Operation operation = OPERATIONS.get(type(module));
        if (operation == null || !module.getModuleType().startsWith(ModuleFactory.CLASSES)) {
            throw new ModelException(source + ": module " + path + " is a " + module.getModuleType()
                    + ", which no DenseNet has; only DenseNets can be imported");
        }
        return new Features(List.of(new Node(operation, module, path, features(input, path))));
    }

    private Signal sequential(BigDLModule module, Signal input, String path) {
        Signal signal = input;
        for (int i = 0; i < module.getSubModulesCount(); i++) {
            signal = run(module.getSubModules(i), signal, child(path, i, module));
        }
        return signal;
    }

    private Table branches(BigDLModule module, Signal input, String path) {
        List<Signal> outputs = new ArrayList<>();
        for (int i = 0; i < module.getSubModulesCount(); i++) {
            outputs.add(run(module.getSubModules(i), input, child(path, i, module)));
        }
        return new Table(outputs);
    }

    private Features join(Signal signal, String path) {
        if (!(signal instanceof Table table)) {
            return features(signal, path);
        }
        List<Node> parts = new ArrayList<>();
        table.entries().forEach(entry -> parts.addAll(features(entry, path).parts()));
        return new Features(parts);
    }

    /** A graph lists its modules in any order; each names those that it reads. */
    private Signal graph(BigDLModule graph, Signal input, String path) {
        Map<String, Signal> outputs = new HashMap<>();
        names(graph, "inputNames").forEach(name -> outputs.put(name, input));
        List<String> last = names(graph, "outputNames");
        if (last.size() != 1) {
            throw new ModelException(source + ": graph " + path + " has " + last.size()
                    + " outputs; a DenseNet has one: its classifier's");
        }
        Map<String, BigDLModule> modules = new HashMap<>();
        graph.getSubModulesList().forEach(module -> modules.put(label(module), module));
        return new GraphWalk(modules, outputs, path).output(last.get(0), new HashSet<>());
    }

    private final class GraphWalk {
        private final Map<String, BigDLModule> modules;
        private final Map<String, Signal> outputs;
        private final String path;

        GraphWalk(Map<String, BigDLModule> modules, Map<String, Signal> outputs, String path) {
            this.modules = modules;
            this.outputs = outputs;
            this.path = path;
        }

        Signal output(String name, Set<String> waiting) {
            Signal known = outputs.get(name);
            if (known != null) {
                return known;
            }
            BigDLModule module = modules.get(name);
            if (module == null || !waiting.add(name)) {
                throw new ModelException(source + ": graph " + path + " has "
                        + (module == null ? "no module " + name : "a cycle at " + name) + "; save the model again");
            }
            List<Signal> inputs = new ArrayList<>();
            for (String before : module.getPreModulesList()) {
                inputs.add(output(before, waiting));
            }
            Signal signal = run(module, inputs.size() == 1 ? inputs.get(0) : new Table(inputs), path + "/" + name);
            outputs.put(name, signal);
            return signal;
        }
    }

    private Features features(Signal signal, String path) {
        if (signal instanceof Features features) {
            return features;
        }
        throw new ModelException(source + ": module " + path
                + " has a table where a DenseNet has one tensor; only DenseNets can be imported");
    }

    /** Channels are dimension 2 of four, counted from 1, or 1 of three if the batch isn't counted. */
    private void requireChannels(String path, int dimension, int inputDimensions) {
        boolean isWithoutBatch = inputDimensions == CHANNELS + 1;
        if (dimension != (isWithoutBatch ? CHANNELS - 1 : CHANNELS)) {
            throw new ModelException(source + ": module " + path + " joins along dimension " + dimension
                    + "; a DenseNet joins channels (dimension " + CHANNELS + ")");
        }
    }

    private static int integer(BigDLModule module, String attribute) {
        return module.getAttrOrDefault(attribute, AttrValue.getDefaultInstance())
                .getInt32Value();
    }

    private static List<String> names(BigDLModule graph, String attribute) {
        return graph.getAttrOrDefault(attribute, AttrValue.getDefaultInstance())
                .getArrayValue()
                .getStrList();
    }

    private static String child(String path, int index, BigDLModule parent) {
        return path + "/" + (index + 1) + ":" + label(parent.getSubModules(index));
    }

    /** The name that BigDL itself gives a module: its own, or its type and a number. */
    private static String label(BigDLModule module) {
        return module.getName().isEmpty() ? type(module) + module.getNamePostfix() : module.getName();
    }

    private static String type(BigDLModule module) {
        String name = module.getModuleType();
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
