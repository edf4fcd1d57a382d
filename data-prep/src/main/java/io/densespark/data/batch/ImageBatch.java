package io.densespark.data.batch;

import io.densespark.data.ImageShape;
import java.util.Arrays;
import java.util.Optional;

/**
 * One rank's slice of a global batch. Filled by a {@link BatchLoader}, which reuses it: see there how long it is valid.
 */
public final class ImageBatch {
    private final ImageShape shape;
    private final float[] pixels;
    private final int[] labels;
    private final float[] weights;
    private int count;
    private int globalCount;
    /** Examples that other threads still have to put. Guarded by this, as is the next. */
    private int missing;

    private Optional<Throwable> failure = Optional.empty();

    ImageBatch(ImageShape shape, int capacity) {
        this.shape = shape;
        this.pixels = new float[capacity * shape.values()];
        this.labels = new int[capacity];
        this.weights = new float[capacity];
        Arrays.fill(weights, 1);
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

    /** How much each example counts, {@code [N]} from index 0; the array may be longer, and is not copied. */
    public float[] weights() {
        return weights;
    }

    void start(int newGlobalCount) {
        count = 0;
        globalCount = newGlobalCount;
    }

    void add(ImageSet images, int index, ImageTransform transform) {
        transform.apply(images, index, pixels, count * shape.values());
        labels[count] = images.label(index);
        weights[count] = images.weight(index);
        count++;
    }

    /** Makes room for examples that several threads {@link #put} or {@link #fail}. */
    synchronized void expect(int newGlobalCount, int newCount) {
        start(newGlobalCount);
        count = newCount;
        missing = newCount;
        failure = Optional.empty();
    }

    /** Tells that the pixels of an example are in their place, with its label. */
    synchronized void put(int place, int label) {
        labels[place] = label;
        missing--;
        notifyAll();
    }

    /** Tells why an example can't be had. */
    synchronized void fail(Throwable cause) {
        failure = failure.or(() -> Optional.of(cause));
        notifyAll();
    }

    synchronized boolean isWhole() {
        return missing == 0;
    }

    /** Waits for what is expected, and tells what went wrong with it, if anything did. */
    synchronized Optional<Throwable> await() throws InterruptedException {
        while (missing > 0 && failure.isEmpty()) {
            wait();
        }
        return failure;
    }
}
