package io.densespark.model.weights;

import java.util.List;
import java.util.Optional;

/** A float tensor outside native memory, row-major in PyTorch's order of axes; or what is known of one of another type. */
public final class NamedTensor {
    private final List<Integer> shape;
    private final String type;
    private final Optional<float[]> values;

    private NamedTensor(List<Integer> shape, String type, Optional<float[]> values) {
        this.shape = List.copyOf(shape);
        this.type = type;
        this.values = values;
    }

    /** @param values not copied: the caller gives them away */
    public NamedTensor(List<Integer> shape, float[] values) {
        this(shape, TensorType.F32.name(), Optional.of(values));
        if (values.length != elements(shape)) {
            throw new IllegalArgumentException(
                    "a tensor of shape " + shape + " can't have " + values.length + " values");
        }
    }

    /**
     * A tensor of a file whose values weren't read.
     *
     * @param type as the file names it
     */
    static NamedTensor unread(List<Integer> shape, String type) {
        return new NamedTensor(shape, type, Optional.empty());
    }

    /** Elements of a tensor of that shape, which an int can count, or {@link ArithmeticException}. */
    static int elements(List<Integer> shape) {
        return shape.stream().reduce(1, Math::multiplyExact);
    }

    public List<Integer> shape() {
        return shape;
    }

    /** The type of the elements, as safetensors files name it. */
    String type() {
        return type;
    }

    /** False for a tensor of a file whose type isn't one of floats: it has no values here. */
    public boolean isRead() {
        return values.isPresent();
    }

    /** The values themselves, not a copy: to be read only; of a tensor that {@link #isRead()}. */
    public float[] values() {
        return values.orElseThrow(() -> new IllegalStateException("a tensor of type " + type + " has no floats"));
    }
}
