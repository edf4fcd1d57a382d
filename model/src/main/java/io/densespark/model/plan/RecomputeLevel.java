package io.densespark.model.plan;

/**
 * What the forward pass keeps for the backward pass; whatever isn't kept is computed again. Every level gives the same
 * bits on CPU. After Pleiss et al., "Memory-Efficient Implementation of DenseNets" (arXiv 1707.06990), section 3.
 */
public enum RecomputeLevel {
    /** Keeps everything: features, 1x1 convolutions' outputs and normalized activations. */
    NONE,
    /** Keeps features and 1x1 convolutions' outputs; recomputes normalization and ReLU. */
    ACTIVATIONS,
    /** Keeps features only; recomputes the 1x1 convolutions as well. */
    BOTTLENECK;

    /** True if each layer keeps its normalized activations. */
    public boolean keepsNormalized() {
        return this == NONE;
    }

    /** True if each layer keeps the output of its 1x1 convolution. */
    public boolean keepsBottleneck() {
        return this != BOTTLENECK;
    }

    /** The level as users write it: in lower case. */
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
