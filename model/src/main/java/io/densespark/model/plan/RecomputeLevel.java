package io.densespark.model.plan;

import java.util.Locale;

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

    /** Whether buffers of that role keep what they hold from the forward pass to the backward pass. */
    public boolean keeps(BufferRole role) {
        return switch (role) {
            case STEM_NORMALIZED, NORMALIZED_FEATURES, NORMALIZED_INPUT, NORMALIZED_BOTTLENECK -> this == NONE;
            case BOTTLENECK_OUTPUT -> this != BOTTLENECK;
            default -> true;
        };
    }

    /** The buffer that {@code wanted} is found in: itself if it is kept, otherwise the scratch of its kind. */
    public BufferId place(BufferId wanted) {
        if (keeps(wanted.role())) {
            return wanted;
        }
        return wanted.role() == BufferRole.BOTTLENECK_OUTPUT
                ? BufferRole.SHARED_BOTTLENECK.id()
                : BufferRole.NORMALIZED_PIECE.id();
    }

    /** The level as users write it: in lower case. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
