package io.densespark.model.kernels;

/** How exactly a GPU multiplies; a CPU always multiplies as {@link #FP32}. All sums are taken in float or double. */
public enum Precision {
    /** IEEE single precision. */
    FP32,
    /** Tensor cores: factors are rounded to 10 bits of mantissa. */
    TF32
}
