package io.densespark.model.weights;

import io.densespark.model.ModelException;
import io.densespark.model.network.Parameter;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.replica.Replica;
import io.densespark.model.tensor.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Moves parameters and running statistics between a replica and tensors by PyTorch's names (torchvision's dialect: the
 * last norm is {@code features.norm5}; {@code features.norm_final}, the name in efficient_densenet_pytorch, is read as
 * well). Convolution weights are {@code [O, I, KH, KW]} there and {@code [O, KH, KW, I]}
 * in the replica.
 */
public final class StateDictionary {
    private StateDictionary() {}

    /** All parameters and running statistics of a replica. */
    public static Map<String, NamedTensor> capture(Replica replica) {
        Map<String, NamedTensor> tensors = new LinkedHashMap<>();
        ParameterLayout layout = replica.layout();
        for (Parameter parameter : layout.parameters()) {
            tensors.put(parameter.name(), read(replica.parameters(), parameter));
        }
        for (Parameter statistic : layout.runningStatistics()) {
            tensors.put(statistic.name(), read(replica.runningStatistics(), statistic));
        }
        return tensors;
    }

    /**
     * Overwrites all parameters and running statistics of a replica; tensors of other names are ignored.
     *
     * @param source what to name in an error
     * @throws ModelException if a tensor is missing or has another shape or type; the replica is unchanged then
     */
    public static void restore(Map<String, NamedTensor> tensors, Replica replica, String source) {
        Map<String, String> foreign = new HashMap<>();
        tensors.keySet().forEach(name -> foreign.putIfAbsent(ForeignNames.translate(name), name));
        tensors.keySet().forEach(name -> foreign.put(name, name));
        Map<String, NamedTensor> own = new HashMap<>();
        foreign.forEach((name, otherName) -> own.put(name, tensors.get(otherName)));
        requireAll(own, replica.layout(), source);
        overwrite(parameter -> own.get(parameter.name()), replica);
    }

    /**
     * Whether a network's tensors are all there.
     *
     * @param tensors by our names; others among them are ignored
     * @throws ModelException naming one that is missing or has another shape or type
     */
    public static void requireAll(Map<String, NamedTensor> tensors, ParameterLayout layout, String source) {
        all(layout).forEach(parameter -> require(tensors, parameter, source));
    }

    /**
     * The tensor of a parameter or running statistic.
     *
     * @param tensors by our names
     * @throws ModelException if it is missing or has another shape or type
     */
    public static NamedTensor require(Map<String, NamedTensor> tensors, Parameter parameter, String source) {
        NamedTensor tensor = tensors.get(parameter.name());
        if (tensor == null) {
            throw new ModelException(source + " has no tensor " + parameter.name()
                    + ": it belongs to another network; use the specification that it was trained with");
        }
        requireFits(tensor, parameter, source);
        return tensor;
    }

    /** All parameters and running statistics of a layout. */
    public static List<Parameter> all(ParameterLayout layout) {
        List<Parameter> all = new ArrayList<>(layout.parameters());
        all.addAll(layout.runningStatistics());
        return all;
    }

    /** @throws ModelException naming the tensor if its values weren't read, or both shapes if they differ */
    static void requireFits(NamedTensor tensor, Parameter parameter, String source) {
        if (!tensor.isRead()) {
            throw new ModelException(source + ": tensor " + parameter.name() + " is " + tensor.type() + ", only "
                    + Arrays.toString(TensorType.values()) + " are read; convert it to float32");
        }
        if (!tensor.shape().equals(parameter.shape())) {
            throw new ModelException(source + ": tensor " + parameter.name() + " has shape " + tensor.shape()
                    + ", the network needs " + parameter.shape() + "; use the specification that it was trained with");
        }
    }

    /** Overwrites those parameters and running statistics for which {@code find} gives a tensor, of the right shape. */
    static void overwrite(Function<Parameter, NamedTensor> find, Replica replica) {
        overwrite(find, replica.layout().parameters(), replica.parameters());
        overwrite(find, replica.layout().runningStatistics(), replica.runningStatistics());
    }

    private static void overwrite(Function<Parameter, NamedTensor> find, List<Parameter> places, Vector flat) {
        for (Parameter parameter : places) {
            NamedTensor tensor = find.apply(parameter);
            if (tensor != null) {
                write(tensor, flat, parameter);
            }
        }
    }

    private static NamedTensor read(Vector flat, Parameter parameter) {
        float[] values = place(flat, parameter).toFloats();
        return new NamedTensor(parameter.shape(), isImage(parameter) ? fromChannelsLast(values, parameter) : values);
    }

    private static void write(NamedTensor tensor, Vector flat, Parameter parameter) {
        float[] values = tensor.values();
        place(flat, parameter).set(isImage(parameter) ? toChannelsLast(values, parameter) : values);
    }

    private static Vector place(Vector flat, Parameter parameter) {
        return flat.slice(Math.toIntExact(parameter.offset()), parameter.elements());
    }

    private static boolean isImage(Parameter parameter) {
        return parameter.shape().size() == 4;
    }

    /** {@code [O, I, KH, KW]} to {@code [O, KH, KW, I]}. */
    private static float[] toChannelsLast(float[] values, Parameter parameter) {
        return swapInner(
                values,
                parameter.shape().get(0),
                parameter.shape().get(1),
                parameter.shape().get(2) * parameter.shape().get(3));
    }

    /** {@code [O, KH, KW, I]} to {@code [O, I, KH, KW]}. */
    private static float[] fromChannelsLast(float[] values, Parameter parameter) {
        return swapInner(
                values,
                parameter.shape().get(0),
                parameter.shape().get(2) * parameter.shape().get(3),
                parameter.shape().get(1));
    }

    /** {@code [outer, rows, columns]} to {@code [outer, columns, rows]}. */
    private static float[] swapInner(float[] values, int outer, int rows, int columns) {
        float[] swapped = new float[values.length];
        for (int o = 0; o < outer; o++) {
            int base = o * rows * columns;
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < columns; c++) {
                    swapped[base + c * rows + r] = values[base + r * columns + c];
                }
            }
        }
        return swapped;
    }
}
