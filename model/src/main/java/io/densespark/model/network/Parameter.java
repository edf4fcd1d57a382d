package io.densespark.model.network;

import io.densespark.model.ModelException;
import java.util.List;

/**
 * One named tensor of a network and its place in a flat vector.
 *
 * <p>In the flat vector a convolution weight lies as {@code [O, KH, KW, I]} (the library's channels-last order), so that
 * kernels read it without a copy; {@code shape} is the logical order of PyTorch's state dictionaries, {@code [O, I, KH,
 * KW]}.
 *
 * @param name the name in PyTorch's state dictionary, torchvision's dialect
 * @param kind what it is, which decides how it is initialized
 * @param shape the logical shape
 * @param offset index of its first element in the flat vector
 */
public record Parameter(String name, Kind kind, List<Integer> shape, long offset) {
    /** The kinds of tensors that a network has. */
    public enum Kind {
        CONVOLUTION,
        NORM_SCALE,
        NORM_SHIFT,
        LINEAR_WEIGHT,
        LINEAR_BIAS,
        RUNNING_MEAN,
        RUNNING_VARIANCE
    }

    public Parameter {
        shape = List.copyOf(shape);
    }

    /**
     * Number of elements.
     *
     * @throws ModelException if an array can't hold them
     */
    public int elements() {
        try {
            return shape.stream().reduce(1, Math::multiplyExact);
        } catch (ArithmeticException e) {
            throw new ModelException(
                    "parameter " + name + " of shape " + shape + " has more than " + Integer.MAX_VALUE
                            + " values: use a smaller growth rate, fewer layers or fewer classes",
                    e);
        }
    }
}
