package io.densespark.data.shard;

/** The row that a writer is at, reused from row to row. */
final class ImageRow {
    private long id;
    private int label;
    private byte[] pixels = new byte[0];

    void set(long newId, int newLabel, byte[] newPixels) {
        id = newId;
        label = newLabel;
        pixels = newPixels;
    }

    long id() {
        return id;
    }

    int label() {
        return label;
    }

    byte[] pixels() {
        return pixels;
    }
}
