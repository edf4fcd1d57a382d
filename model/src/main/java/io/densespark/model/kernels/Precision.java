package io.densespark.model.kernels;

import io.densespark.model.tensor.Device;
import java.util.Locale;

/** How exactly a GPU multiplies; a CPU always multiplies as {@link #FP32}. All sums are taken in float or double. */
public enum Precision {
    /** IEEE single precision. */
    FP32,
    /** Tensor cores: factors are rounded to 10 bits of mantissa. */
    TF32;

    /** What this is on a device. */
    public Precision on(Device device) {
        return device.kind() == Device.Kind.CPU ? FP32 : this;
    }

    /** As people write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
