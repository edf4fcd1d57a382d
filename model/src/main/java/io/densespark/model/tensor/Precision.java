package io.densespark.model.tensor;

import java.util.Locale;

/** How exactly a replica computes. All sums are taken in float or double. */
public enum Precision {
    /** IEEE single precision. */
    FP32(ElementType.FLOAT),
    /** Products on a GPU's tensor cores, which round factors to 10 bits of mantissa; on a CPU the same as {@link #FP32}. */
    TF32(ElementType.FLOAT),
    /**
     * Maps and activations, and the gradients of those, are bfloat16, and so are the factors of products: half the memory to
     * hold and to move. Weights, their gradients, velocities, statistics and the gradients that dense blocks accumulate are
     * floats.
     */
    BF16(ElementType.BFLOAT16);

    private final ElementType maps;

    Precision(ElementType maps) {
        this.maps = maps;
    }

    /** What maps and activations are made of. */
    public ElementType maps() {
        return maps;
    }

    /** What this is on a device. */
    public Precision on(Device device) {
        return device.kind() == Device.Kind.CPU && this == TF32 ? FP32 : this;
    }

    /** As people write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
