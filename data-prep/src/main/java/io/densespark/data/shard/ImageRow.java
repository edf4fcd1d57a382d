package io.densespark.data.shard;

/** A row of a shard: an image with what is told of it. Arrays are not copied. */
public final class ImageRow {
    private static final byte[] NONE = {};

    private final long id;
    private final String key;
    private final int label;
    private final byte[] labels;
    private final float weight;
    private final int height;
    private final int width;
    private final byte[] image;

    private ImageRow(long id, String key, int label, byte[] labels, float weight, int height, int width, byte[] image) {
        this.id = id;
        this.key = key;
        this.label = label;
        this.labels = labels;
        this.weight = weight;
        this.height = height;
        this.width = width;
        this.image = image;
    }

    /**
     * An image of one class.
     *
     * @param id its position in its split, from 0
     * @param key its name in the source
     * @param label its class
     * @param image its pixels, {@code [H, W, C]} of the data set's shape; or its file, then give {@link #withSize} too
     */
    public static ImageRow ofClass(long id, String key, int label, byte[] image) {
        return new ImageRow(id, key, label, NONE, 1, 0, 0, image);
    }

    /** The same with, for each class, 1 (the image shows it), 0 (it doesn't) or -1 (unknown). */
    public static ImageRow ofClasses(long id, String key, byte[] labels, byte[] image) {
        return new ImageRow(id, key, -1, labels, 1, 0, 0, image);
    }

    /** The same row with another weight than 1. */
    public ImageRow withWeight(float newWeight) {
        return new ImageRow(id, key, label, labels, newWeight, height, width, image);
    }

    /** The same row of an encoded image, which has a size of its own, in pixels. */
    public ImageRow withSize(int newHeight, int newWidth) {
        return new ImageRow(id, key, label, labels, weight, newHeight, newWidth, image);
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

    int height() {
        return height;
    }

    int width() {
        return width;
    }

    byte[] image() {
        return image;
    }
}
