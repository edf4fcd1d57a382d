package io.densespark.data.shard;

import io.densespark.data.ImageShape;
import io.densespark.data.LabelKind;
import java.util.Arrays;

/** The images of one shard in memory. The arrays are not copied: they belong to whoever had the shard read. */
public final class DecodedShard {
    private final ImageShape shape;
    private final byte[] pixels;
    private final int[] labels;
    private final byte[] multiLabels;
    private final float[] weights;

    DecodedShard(ShardFormat format, int rows) {
        shape = format.shape();
        pixels = new byte[Math.multiplyExact(rows, shape.bytes())];
        boolean isClass = format.labels() == LabelKind.CLASS;
        labels = new int[isClass ? rows : 0];
        multiLabels = new byte[isClass ? 0 : Math.multiplyExact(rows, format.classes())];
        weights = new float[rows];
        Arrays.fill(weights, 1);
    }

    /** The size of every image. */
    public ImageShape shape() {
        return shape;
    }

    /** All images, {@code [N, H, W, C]}, an unsigned byte for each value, or two, the lower one first. */
    public byte[] pixels() {
        return pixels;
    }

    /** All labels, {@code [N]}; empty if the data set tells something of each class. */
    public int[] labels() {
        return labels;
    }

    /**
     * What is told of each class, {@code [N, classes]}: 1 where an image shows it, 0 where not, -1 where that is unknown.
     * Empty if an image has one class.
     */
    public byte[] multiLabels() {
        return multiLabels;
    }

    /** The images' weights, {@code [N]}; 1 where the data set has none. */
    public float[] weights() {
        return weights;
    }
}
