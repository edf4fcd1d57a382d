package io.densespark.spark.resources;

import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Precision;
import io.densespark.spark.JobException;
import java.util.function.BooleanSupplier;

/** Refuses a precision that costs time instead of saving it. */
public final class PrecisionCheck {
    private PrecisionCheck() {}

    /**
     * Looks at the processor of a rank that computes on it.
     *
     * @param host where the rank is, for the message
     * @param hasBfloat whether the processor multiplies bfloat16; asked only if that matters
     * @throws JobException if it doesn't, and would have to
     */
    public static void require(Precision precision, Device device, String host, BooleanSupplier hasBfloat) {
        if (precision == Precision.BF16 && device.kind() == Device.Kind.CPU && !hasBfloat.getAsBoolean()) {
            throw new JobException(
                    "the processor of " + host + " has no instructions for bf16 (AVX512_BF16 or AMX_BF16),"
                            + " and would be slower in it than in fp32: take --precision fp32, or, for"
                            + " the memory, --allow-slow-precision true");
        }
    }
}
