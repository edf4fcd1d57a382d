package io.densespark.data.shard;

/** A row of a shard: an image with what is told of it. Arrays are not copied. */
public final class ImageRow {
    private static final byte[] NONE = {};

    private final long id;
    private final String key;
    private final int label;
    private final byte[] labels;
    private final float weight;
    private final byte[] pixels;

    private ImageRow(long id, String key, int label, byte[] labels, float weight, byte[] pixels) {
        this.id = id;
        this.key = key;
        this.label = label;
        this.labels = labels;
        this.weight = weight;
        this.pixels = pixels;
    }

    /**
     * An image of one class.
     *
     * @param id its position in its split, from 0
     * @param key its name in the source
     * @param label its class
     * @param pixels {@code [H, W, C]}
     */
    public static ImageRow ofClass(long id, String key, int label, byte[] pixels) {
        return new ImageRow(id, key, label, NONE, 1, pixels);
    }

    /** The same with, for each class, 1 (the image shows it), 0 (it doesn't) or -1 (unknown). */
    public static ImageRow ofClasses(long id, String key, byte[] labels, byte[] pixels) {
        return new ImageRow(id, key, -1, labels, 1, pixels);
    }

    /** The same row with another weight than 1. */
    public ImageRow withWeight(float newWeight) {
        return new ImageRow(id, key, label, labels, newWeight, pixels);
    }

    long id() {
        return id;
    }

    String key() {
        return key;
    }

    int label() {
        return label;
    }

    byte[] labels() {
        return labels;
    }

    float weight() {
        return weight;
    }

    byte[] pixels() {
        return pixels;
    }
}
