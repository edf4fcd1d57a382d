package io.densespark.data.batch;

import io.densespark.data.DataException;
import io.densespark.data.ImageShape;

/** Augments and normalizes examples of one epoch: bytes, or pairs of them, {@code [H, W, C]} in, floats {@code [H, W, C]} out. */
public final class ImageTransform {
    private final ImageShape shape;
    private final Augmentation augmentation;
    private final long seed;
    private final int epoch;
    /** {@code [C, values]}, see {@link Normalization#table}. */
    private final float[] table;
    /** Different values that there can be. */
    private final int values;
    /** Bytes of a pixel. */
    private final int pixelBytes;

    /**
     * For images of one size.
     *
     * @param seed seed of the run
     * @param epoch number of the epoch; both matter to the augmentation only
     * @throws DataException if normalization and images differ in channels, or the padding is not smaller than the image
     */
    public ImageTransform(
            ImageShape shape, Normalization normalization, Augmentation augmentation, long seed, int epoch) {
        if (normalization.mean().size() != shape.channels()) {
            throw new DataException(
                    "normalization is for " + normalization.mean().size() + " channels and images are " + shape
                            + " (height x width x channels): give one mean and std for each channel");
        }
        augmentation.requireFits(shape);
        this.shape = shape;
        this.augmentation = augmentation;
        this.seed = seed;
        this.epoch = epoch;
        this.table = normalization.table(shape.maxValue());
        this.values = shape.maxValue() + 1;
        this.pixelBytes = shape.channels() * (shape.bits() / Byte.SIZE);
    }

    /**
     * Normalizes one image without augmentation.
     *
     * @param in has the image, {@code [H, W, C]}, from {@code inOffset} on
     * @param out receives it from {@code outOffset} on
     */
    public void normalize(byte[] in, int inOffset, float[] out, int outOffset) {
        normalize(in, inOffset, shape.height() * shape.width(), out, outOffset);
    }

    /** Writes image {@code index} at {@code out[offset]} and on. */
    void apply(ImageSet images, int index, float[] out, int offset) {
        apply(images.pixels(index), images.offset(index), images.id(index), out, offset);
    }

    /**
     * Augments and normalizes one image.
     *
     * @param in has the image, {@code [H, W, C]}, from {@code inOffset} on
     * @param id what augmentation knows the image by
     * @param out receives it from {@code offset} on
     */
    void apply(byte[] in, int inOffset, int id, float[] out, int offset) {
        if (augmentation.equals(Augmentation.NONE)) {
            normalize(in, inOffset, out, offset);
            return;
        }
        Augmentation.Choice choice = augmentation.choose(seed, epoch, id);
        // Row y of the result is row y + dy of the image, where there is one; columns before the flip are alike.
        int dy = choice.top() - augmentation.cropPadding();
        int dx = choice.left() - augmentation.cropPadding();
        int rowValues = shape.width() * shape.channels();
        for (int y = 0; y < shape.height(); y++) {
            int outRow = offset + y * rowValues;
            if (y + dy < 0 || y + dy >= shape.height()) {
                black(out, outRow, shape.width());
            } else {
                row(in, inOffset + (y + dy) * shape.width() * pixelBytes, dx, out, outRow);
            }
            if (choice.flip()) {
                flip(out, outRow);
            }
        }
    }

    private void row(byte[] in, int inRow, int dx, float[] out, int outRow) {
        int channels = shape.channels();
        int blackLeft = Math.max(0, -dx);
        int blackRight = Math.max(0, dx);
        int inside = shape.width() - blackLeft - blackRight;
        black(out, outRow, blackLeft);
        normalize(in, inRow + blackRight * pixelBytes, inside, out, outRow + blackLeft * channels);
        black(out, outRow + (blackLeft + inside) * channels, blackRight);
    }

    private void normalize(byte[] in, int inOffset, int pixels, float[] out, int outOffset) {
        if (shape.bits() == Short.SIZE) {
            normalizePairs(in, inOffset, pixels, out, outOffset);
            return;
        }
        int channels = shape.channels();
        for (int c = 0; c < channels; c++) {
            int column = c * values;
            for (int p = 0, i = c; p < pixels; p++, i += channels) {
                out[outOffset + i] = table[column + (in[inOffset + i] & 0xff)];
            }
        }
    }

    private void normalizePairs(byte[] in, int inOffset, int pixels, float[] out, int outOffset) {
        int channels = shape.channels();
        for (int i = 0; i < pixels * channels; i++) {
            int low = in[inOffset + 2 * i] & 0xff;
            int high = in[inOffset + 2 * i + 1] & 0xff;
            out[outOffset + i] = table[i % channels * values + ((high << Byte.SIZE) | low)];
        }
    }

    private void black(float[] out, int outOffset, int pixels) {
        int channels = shape.channels();
        for (int i = 0; i < pixels * channels; i++) {
            out[outOffset + i] = table[i % channels * values];
        }
    }

    private void flip(float[] out, int outRow) {
        int channels = shape.channels();
        for (int left = 0, right = shape.width() - 1; left < right; left++, right--) {
            for (int c = 0; c < channels; c++) {
                int a = outRow + left * channels + c;
                int b = outRow + right * channels + c;
                float taken = out[a];
                out[a] = out[b];
                out[b] = taken;
            }
        }
    }
}
