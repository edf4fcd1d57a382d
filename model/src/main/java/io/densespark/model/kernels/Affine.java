package io.densespark.model.kernels;

import io.densespark.model.tensor.Vector;

/**
 * A normalization written as one scale and one shift a column.
 *
 * @param scale {@code [c]}: γ/σ
 * @param shift {@code [c]}: β − μ·γ/σ
 */
public record Affine(Vector scale, Vector shift) {}
