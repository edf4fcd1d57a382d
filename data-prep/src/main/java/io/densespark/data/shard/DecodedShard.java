package io.densespark.data.shard;

import io.densespark.data.ImageShape;

/** The images of one shard in memory. The arrays are not copied: they belong to whoever had the shard read. */
public final class DecodedShard {
    private final ImageShape shape;
    private final byte[] pixels;
    private final int[] labels;

    DecodedShard(ImageShape shape, int rows) {
        this.shape = shape;
        this.pixels = new byte[Math.multiplyExact(rows, shape.bytes())];
        this.labels = new int[rows];
    }

    /** The size of every image. */
    public ImageShape shape() {
        return shape;
    }

    /** All images, {@code [N, H, W, C]}, one unsigned byte for each value. */
    public byte[] pixels() {
        return pixels;
    }

    /** All labels, {@code [N]}. */
    public int[] labels() {
        return labels;
    }
}
