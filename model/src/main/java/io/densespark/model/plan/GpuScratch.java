package io.densespark.model.plan;

import io.densespark.model.tensor.ElementType;

/**
 * What a GPU's backend takes beside a plan's buffers: memory between two passes, the libraries' workspaces, and what
 * travels. The backend keeps to these sizes, so that the plan is an upper bound.
 */
public final class GpuScratch {
    /** The most strips into which the rows of a matrix are cut: four for each multiprocessor of an H100. */
    public static final int MOST_STRIPS = 528;

    /** Sums of each column that a strip leaves. */
    public static final int SUMS_OF_COLUMN = 2;

    /** Bytes of cuBLAS's workspace: what NVIDIA recommends for Hopper. */
    public static final long PRODUCT_WORKSPACE = 32L << 20;

    /** Elements of a weight in bfloat16 that are read at once, at a multiple of their bytes; as in {@code passes.cu}. */
    public static final int ALIGNED_WEIGHTS = 8;

    /** Pixels of a 3x3 window. */
    public static final int WINDOW = 9;

    /** The most elements of a gradient that is moved to all pixels of a window: 8 MiB, which stay in a GPU's cache. */
    private static final long MOST_MOVED = 2L << 20;

    private static final long MOST_WORKSPACE = 256L << 20;
    private static final long LEAST_WORKSPACE = 4L << 20;

    private GpuScratch() {}

    /**
     * Bytes of workspace that a convolution may take: for a copy of what goes in and of what comes out in another layout,
     * and an eighth more.
     */
    public static long convolutionWorkspace(long inputElements, long outputElements, ElementType maps) {
        long copies = (inputElements + outputElements) * maps.bytes();
        return Math.min(MOST_WORKSPACE, copies + copies / 8 + LEAST_WORKSPACE);
    }

    /** How many groups of {@link #ALIGNED_WEIGHTS} a weight of that many elements is copied to in bfloat16. */
    public static long weightGroups(long elements) {
        return (elements - 1) / ALIGNED_WEIGHTS + 1;
    }

    /**
     * Elements of the moved gradient of a 3x3 convolution with that output, or 0 if it is so large that the weights'
     * gradient is better had without.
     */
    public static long movedElements(long outputPixels, int outputs) {
        long elements = outputPixels * outputs * WINDOW;
        return elements <= MOST_MOVED ? elements : 0;
    }
}
