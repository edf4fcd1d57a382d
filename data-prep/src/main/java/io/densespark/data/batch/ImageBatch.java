package io.densespark.data.batch;

import io.densespark.data.ImageShape;
import io.densespark.data.decode.DecodedImage;
import java.util.Arrays;
import java.util.Optional;

/**
 * One rank's slice of a global batch. Filled by a {@link BatchLoader}, which reuses it: see there how long it is valid.
 */
public final class ImageBatch {
    private final ImageShape shape;
    private final ImageTransform transform;
    private final Optional<float[]> byteTable;
    private final byte[] bytes;
    private final float[] pixels;
    private final int[] labels;
    private final float[] weights;
    private int count;
    private int globalCount;
    /** Examples that other threads still have to put. Guarded by this, as is the next. */
    private int missing;

    private Optional<Throwable> failure = Optional.empty();

    /** @param transform what the examples come from */
    ImageBatch(ImageShape shape, ImageTransform transform, int capacity) {
        this.shape = shape;
        this.transform = transform;
        byteTable = transform.byteTable();
        int values = capacity * shape.values();
        bytes = new byte[byteTable.isPresent() ? values : 0];
        pixels = new float[byteTable.isPresent() ? 0 : values];
        labels = new int[capacity];
        weights = new float[capacity];
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

    /**
     * {@code [C, 256]}: what each byte of each channel becomes when it is normalized, if the images are bytes still; else they
     * are normalized. Not copied.
     */
    public Optional<float[]> byteTable() {
        return byteTable;
    }

    /** Images, {@code [N, H, W, C]} from index 0, where there is a {@link #byteTable()}; may be longer, and is not copied. */
    public byte[] bytes() {
        return bytes;
    }

    /** Normalized images, {@code [N, H, W, C]} from index 0, where there is none; may be longer, and is not copied. */
    public float[] pixels() {
        return pixels;
    }

    /** A copy of the images, {@code [N, H, W, C]}, normalized in any case. */
    public float[] normalized() {
        int values = count * shape.values();
        if (byteTable.isEmpty()) {
            return Arrays.copyOf(pixels, values);
        }
        float[] copy = new float[values];
        new ValueTable(shape, byteTable.get()).apply(bytes, 0, values / shape.channels(), copy, 0);
        return copy;
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

    void add(ImageSet images, int index) {
        int at = count * shape.values();
        if (byteTable.isPresent()) {
            transform.apply(images, index, bytes, at);
        } else {
            transform.apply(images, index, pixels, at);
        }
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

    /** Takes an example to its place; for any number of threads. */
    void put(DecodedImage image, int index, int place, int label) {
        int at = place * shape.values();
        if (byteTable.isPresent()) {
            transform.apply(image, index, bytes, at);
        } else {
            transform.apply(image, index, pixels, at);
        }
        put(place, label);
    }

    private synchronized void put(int place, int label) {
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
