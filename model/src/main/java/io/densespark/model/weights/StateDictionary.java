package io.densespark.model.weights;

import io.densespark.model.ModelException;
import io.densespark.model.memory.Vector;
import io.densespark.model.replica.Replica;
import io.densespark.model.spec.Parameter;
import io.densespark.model.spec.ParameterLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Moves parameters and running statistics between a replica and tensors by PyTorch's names (torchvision's dialect: the
 * last norm is {@code features.norm5}; {@code features.norm_final}, the name in efficient_densenet_pytorch, is read as
 * well). Convolution weights are {@code [O, I, KH, KW]} there and {@code [O, KH, KW, I]}
 * in the replica.
 */
public final class StateDictionary {
    private static final String LAST_NORM = "features.norm5.";
    private static final String OTHER_LAST_NORM = "features.norm_final.";

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
     * @throws ModelException if a tensor is missing or has another shape; the replica is unchanged then
     */
    public static void restore(Map<String, NamedTensor> tensors, Replica replica, String source) {
        ParameterLayout layout = replica.layout();
        List<Parameter> all = new ArrayList<>(layout.parameters());
        all.addAll(layout.runningStatistics());
        for (Parameter parameter : all) {
            requireFits(find(tensors, parameter), parameter, source);
        }
        layout.parameters().forEach(p -> write(find(tensors, p), replica.parameters(), p));
        layout.runningStatistics().forEach(p -> write(find(tensors, p), replica.runningStatistics(), p));
    }

    private static NamedTensor find(Map<String, NamedTensor> tensors, Parameter parameter) {
        NamedTensor tensor = tensors.get(parameter.name());
        return tensor != null ? tensor : tensors.get(parameter.name().replace(LAST_NORM, OTHER_LAST_NORM));
    }

    private static void requireFits(NamedTensor tensor, Parameter parameter, String source) {
        if (tensor == null) {
            throw new ModelException(source + " has no tensor " + parameter.name()
                    + ": it belongs to another network; use the specification that it was trained with");
        }
        if (!tensor.shape().equals(parameter.shape())) {
            throw new ModelException(source + ": tensor " + parameter.name() + " has shape " + tensor.shape()
                    + ", the network needs " + parameter.shape() + "; use the specification that it was trained with");
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
