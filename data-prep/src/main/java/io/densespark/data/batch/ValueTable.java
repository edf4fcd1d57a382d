package io.densespark.data.batch;

import io.densespark.data.ImageShape;

/** What each value of each channel becomes. */
final class ValueTable {
    private final int channels;
    private final boolean pairs;
    /** Different values that there can be. */
    private final int values;
    /** {@code [C, values]}. */
    private final float[] table;

    /** @param table {@code [C, values]} of the shape's channels, and of values from 0 to its largest */
    ValueTable(ImageShape shape, float[] table) {
        channels = shape.channels();
        pairs = shape.bits() == Short.SIZE;
        values = shape.maxValue() + 1;
        this.table = table;
    }

    /** Values stay as they are. */
    static ValueTable identity(ImageShape shape) {
        int values = shape.maxValue() + 1;
        float[] table = new float[shape.channels() * values];
        for (int i = 0; i < table.length; i++) {
            table[i] = i % values;
        }
        return new ValueTable(shape, table);
    }

    /** Looks up so many pixels from {@code in[inOffset]} on, and writes them from {@code out[outOffset]} on. */
    void apply(byte[] in, int inOffset, int pixels, float[] out, int outOffset) {
        if (pairs) {
            applyToPairs(in, inOffset, pixels, out, outOffset);
            return;
        }
        for (int c = 0; c < channels; c++) {
            int column = c * values;
            for (int p = 0, i = c; p < pixels; p++, i += channels) {
                out[outOffset + i] = table[column + (in[inOffset + i] & 0xff)];
            }
        }
    }

    private void applyToPairs(byte[] in, int inOffset, int pixels, float[] out, int outOffset) {
        for (int i = 0; i < pixels * channels; i++) {
            int low = in[inOffset + 2 * i] & 0xff;
            int high = in[inOffset + 2 * i + 1] & 0xff;
            out[outOffset + i] = table[i % channels * values + ((high << Byte.SIZE) | low)];
        }
    }
}
