package io.densespark.model.kernels;

import io.densespark.model.tensor.Vector;

/**
 * The parameters of one batch normalization, their gradients and its running statistics.
 *
 * @param scale γ {@code [c]}
 * @param shift β {@code [c]}
 * @param scaleGradient dγ {@code [c]}
 * @param shiftGradient dβ {@code [c]}
 * @param runningMean {@code [c]}
 * @param runningVariance {@code [c]}
 */
public record Norm(
        Vector scale,
        Vector shift,
        Vector scaleGradient,
        Vector shiftGradient,
        Vector runningMean,
        Vector runningVariance) {}
