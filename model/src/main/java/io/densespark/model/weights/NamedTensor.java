package io.densespark.model.weights;

import java.util.List;

/**
 * A tensor outside native memory.
 *
 * @param shape its logical shape, in PyTorch's order
 * @param values row-major; not copied, the holder doesn't change them
 */
public record NamedTensor(List<Integer> shape, float[] values) {
    public NamedTensor {
        shape = List.copyOf(shape);
        if (values.length != shape.stream().reduce(1, Math::multiplyExact)) {
            throw new IllegalArgumentException(
                    "a tensor of shape " + shape + " can't have " + values.length + " values");
        }
    }
}
