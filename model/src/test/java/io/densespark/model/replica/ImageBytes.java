package io.densespark.model.replica;

import io.densespark.model.tensor.ByteTable;
import java.util.Random;

/** Random bytes as images, and the floats that they stand for. */
public final class ImageBytes {
    private final Pixels pixels;
    private final float[] floats;

    private ImageBytes(Pixels pixels, float[] floats) {
        this.pixels = pixels;
        this.floats = floats;
    }

    /** The bytes. */
    public Pixels pixels() {
        return pixels;
    }

    /** The floats, one by one. */
    public float[] floats() {
        return floats;
    }

    /** So many pixels of so many channels, each channel normalized in its own way. */
    public static ImageBytes of(int channels, int pixels, long seed) {
        float[] table = new float[channels * ByteTable.VALUES];
        for (int i = 0; i < table.length; i++) {
            int channel = i / ByteTable.VALUES;
            table[i] = (i % ByteTable.VALUES / 255f - 0.4f - 0.1f * channel) / (0.2f + 0.01f * channel);
        }
        byte[] bytes = new byte[channels * pixels];
        new Random(seed).nextBytes(bytes);
        float[] floats = new float[bytes.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = table[i % channels * ByteTable.VALUES + Byte.toUnsignedInt(bytes[i])];
        }
        return new ImageBytes(Pixels.of(bytes, new ByteTable(table)), floats);
    }
}
