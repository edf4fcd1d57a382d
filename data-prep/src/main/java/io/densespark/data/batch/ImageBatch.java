package io.densespark.data.batch;

import io.densespark.data.ImageShape;

/**
 * One rank's slice of a global batch. Filled by a {@link BatchLoader}, which reuses it: see there how long it is valid.
 */
public final class ImageBatch {
    private final ImageShape shape;
    private final float[] pixels;
    private final int[] labels;
    private int count;
    private int globalCount;

    ImageBatch(ImageShape shape, int capacity) {
        this.shape = shape;
        this.pixels = new float[capacity * shape.values()];
        this.labels = new int[capacity];
    }

    /** This rank's examples, N: may be 0 in a last, short batch. */
    public int count() {
        return count;
    }

    /** Examples in the global batch, over all ranks: at least 1. */
    public int globalCount() {
        return globalCount;
    }

    /** Normalized images, {@code [N, H, W, C]} from index 0; the array may be longer, and is not copied. */
    public float[] pixels() {
        return pixels;
    }

    /** Labels, {@code [N]} from index 0; the array may be longer, and is not copied. */
    public int[] labels() {
        return labels;
    }

    void start(int newGlobalCount) {
        count = 0;
        globalCount = newGlobalCount;
    }

    void add(ImageSet images, int index, ImageTransform transform) {
        transform.apply(images, index, pixels, count * shape.values());
        labels[count] = images.label(index);
        count++;
    }
}
