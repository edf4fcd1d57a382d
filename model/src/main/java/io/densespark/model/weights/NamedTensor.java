package io.densespark.model.weights;

import java.util.List;

/** A float tensor outside native memory, row-major in PyTorch's order of axes. */
public final class NamedTensor {
    private final List<Integer> shape;
    private final float[] values;

    /** @param values not copied: the caller gives them away */
    public NamedTensor(List<Integer> shape, float[] values) {
        this.shape = List.copyOf(shape);
        this.values = values;
        if (values.length != shape.stream().reduce(1, Math::multiplyExact)) {
            throw new IllegalArgumentException(
                    "a tensor of shape " + shape + " can't have " + values.length + " values");
        }
    }

    public List<Integer> shape() {
        return shape;
    }

    /** The values themselves, not a copy: to be read only. */
    public float[] values() {
        return values;
    }
}
