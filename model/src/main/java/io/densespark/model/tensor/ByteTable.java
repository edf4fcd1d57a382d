package io.densespark.model.tensor;

/** What each value of a byte stands for, channel by channel: images travel and wait as bytes, a quarter of their floats. */
public final class ByteTable {
    /** Values of a byte, read without sign. */
    public static final int VALUES = 256;

    private final float[] values;

    /** @param values {@code [C, 256]}; not copied */
    public ByteTable(float[] values) {
        if (values.length == 0 || values.length % VALUES != 0) {
            throw new IllegalArgumentException(
                    values.length + " values are not " + VALUES + " for each of one or more channels");
        }
        this.values = values;
    }

    /** C. */
    public int channels() {
        return values.length / VALUES;
    }

    /** {@code [C, 256]}; not copied. */
    public float[] values() {
        return values;
    }

    /** Looks up {@code count} bytes, the first of which is of channel 0, and writes them to {@code target[0..count)}. */
    public void lookUp(byte[] source, int from, int count, float[] target) {
        int channels = channels();
        for (int c = 0; c < channels; c++) {
            int column = c * VALUES;
            for (int i = c; i < count; i += channels) {
                target[i] = values[column + (source[from + i] & 0xff)];
            }
        }
    }
}
