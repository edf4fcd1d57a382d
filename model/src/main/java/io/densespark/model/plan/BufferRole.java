package io.densespark.model.plan;

import static io.densespark.model.plan.BufferRole.Part.BLOCK;
import static io.densespark.model.plan.BufferRole.Part.HEAD;
import static io.densespark.model.plan.BufferRole.Part.SHARED;
import static io.densespark.model.plan.BufferRole.Part.STEM;
import static io.densespark.model.plan.BufferRole.Part.WEIGHTS;
import static io.densespark.model.plan.BufferRole.Scope.EACH_BLOCK;
import static io.densespark.model.plan.BufferRole.Scope.EACH_LAYER;
import static io.densespark.model.plan.BufferRole.Scope.ONCE;

/**
 * What a buffer of a replica holds.
 *
 * <p>The shared allocations of arXiv 1707.06990, as large as their largest user and used by one layer after the other,
 * are of two kinds. Those called shared hold a whole slice of a batch: they live from one meeting of the workers to the
 * next. Those called pieces hold one tile or chunk ({@link Tiling}): they live between two passes of one worker.
 */
public enum BufferRole {
    PARAMETERS(WEIGHTS, ONCE, "parameters"),
    GRADIENTS(WEIGHTS, ONCE, "gradients"),
    VELOCITY(WEIGHTS, ONCE, "velocity"),
    RUNNING_STATISTICS(WEIGHTS, ONCE, "running statistics"),

    IMAGES(STEM, ONCE, "images"),
    STEM_STATISTICS(STEM, ONCE, "stem: batch statistics"),
    STEM_OUTPUT(STEM, ONCE, "stem: convolution's output"),
    STEM_NORMALIZED(STEM, ONCE, "stem: normalized activations"),

    FEATURES(BLOCK, EACH_BLOCK, "features"),
    FEATURE_STATISTICS(BLOCK, EACH_BLOCK, "batch statistics"),
    /** What a transition or the head reads of a block. */
    NORMALIZED_FEATURES(BLOCK, EACH_BLOCK, "normalized features"),
    /** What a layer's first convolution reads. */
    NORMALIZED_INPUT(BLOCK, EACH_LAYER, "normalized activations"),
    BOTTLENECK_STATISTICS(BLOCK, EACH_LAYER, "batch statistics"),
    BOTTLENECK_OUTPUT(BLOCK, EACH_LAYER, "bottleneck output"),
    NORMALIZED_BOTTLENECK(BLOCK, EACH_LAYER, "normalized bottleneck"),

    ACCUMULATED(SHARED, ONCE, "shared: accumulated feature gradients"),
    MAP_GRADIENT(SHARED, ONCE, "shared: gradient of a whole map"),
    SHARED_BOTTLENECK(SHARED, ONCE, "shared: bottleneck output"),
    /** Of all workers but the first, whose part goes to {@link #GRADIENTS}. */
    WEIGHT_GRADIENT(SHARED, ONCE, "shared: a worker's part of a weight's gradient"),

    NORMALIZED_PIECE(SHARED, ONCE, "piece: normalized activations"),
    ACTIVATION_GRADIENT_PIECE(SHARED, ONCE, "piece: gradient of activations"),
    OUTPUT_PIECE(SHARED, ONCE, "piece: a convolution's output or its gradient"),
    POOLED_GRADIENT_PIECE(SHARED, ONCE, "piece: gradient of pooled activations"),

    AVERAGED(HEAD, ONCE, "averaged activations"),
    AVERAGED_GRADIENT(HEAD, ONCE, "gradient of averaged activations"),
    LOGITS(HEAD, ONCE, "logits"),

    PARTIAL_SUMS(SHARED, ONCE, "partial sums of a worker"),
    COLUMN_SCRATCH(SHARED, ONCE, "scale and shift"),
    DEFERRED_SUMS(SHARED, ONCE, "deferred sums");

    /** Whose buffer it is. */
    public enum Part {
        /** The network's state and its gradient: the size doesn't depend on the images. */
        WEIGHTS,
        STEM,
        /** A dense block or one of its layers. */
        BLOCK,
        HEAD,
        /** Several parts use it by turns. */
        SHARED
    }

    /** How many buffers of the role a plan may have. */
    enum Scope {
        ONCE,
        EACH_BLOCK,
        EACH_LAYER
    }

    private final Part part;
    private final Scope scope;
    private final String text;

    BufferRole(Part part, Scope scope, String text) {
        this.part = part;
        this.scope = scope;
        this.text = text;
    }

    public Part part() {
        return part;
    }

    Scope scope() {
        return scope;
    }

    /** What it holds, in words. */
    String text() {
        return text;
    }

    /** The one buffer of this role. */
    public BufferId id() {
        return new BufferId(this, BufferId.NONE, BufferId.NONE);
    }

    /** Block {@code block}'s buffer of this role, counted from 0. */
    public BufferId of(int block) {
        return new BufferId(this, block, BufferId.NONE);
    }

    /** The buffer of this role of layer {@code layer} of block {@code block}, both counted from 0. */
    public BufferId of(int block, int layer) {
        return new BufferId(this, block, layer);
    }
}
