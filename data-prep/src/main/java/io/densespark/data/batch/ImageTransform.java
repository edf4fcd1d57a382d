package io.densespark.data.batch;

import io.densespark.data.DataException;
import io.densespark.data.ImageShape;
import io.densespark.data.augment.RandomAffine;
import io.densespark.data.decode.DecodedImage;
import io.densespark.data.decode.ImagePart;
import io.densespark.data.decode.ImageResizer;
import io.densespark.data.decode.PixelFormat;

/**
 * Augments and normalizes examples of one epoch: bytes, or pairs of them, {@code [H, W, C]} in, floats {@code [H, W, C]} out.
 * For any number of threads.
 */
public final class ImageTransform {
    private final ImageShape shape;
    private final Normalization normalization;
    private final Augmentation augmentation;
    private final long seed;
    private final int epoch;
    /** What becomes of each value of each channel when it is normalized. */
    private final ValueTable normalized;
    /** The same where it is normalized later: values as they are. */
    private final ValueTable plain;

    private final ThreadLocal<Workspace> workspace;

    /** What a thread needs for changes that it can't make in place. */
    private static final class Workspace {
        private final ImageResizer central;
        private final ImageResizer whole;
        private final byte[] resized;
        private final byte[] spooled;
        private final float[] copy;

        Workspace(ImageShape shape) {
            whole = ImageResizer.toSize(shape.height(), shape.width());
            central = shape.height() == shape.width() ? ImageResizer.toCentralSquare(shape.height()) : whole;
            resized = new byte[shape.bytes()];
            spooled = new byte[shape.bytes()];
            copy = new float[shape.values()];
        }
    }

    /**
     * For images of one size.
     *
     * @param seed seed of the run
     * @param epoch number of the epoch; both matter to the augmentation only
     * @throws DataException if normalization and images differ in channels, or the augmentation is not for such images
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
        this.normalization = normalization;
        this.augmentation = augmentation;
        this.seed = seed;
        this.epoch = epoch;
        normalized = new ValueTable(shape, normalization.table(shape.maxValue()));
        plain = augmentation.changesValues() ? ValueTable.identity(shape) : normalized;
        workspace = ThreadLocal.withInitial(() -> new Workspace(shape));
    }

    /**
     * Normalizes one image without augmentation.
     *
     * @param in has the image, {@code [H, W, C]}, from {@code inOffset} on
     * @param out receives it from {@code outOffset} on
     */
    public void normalize(byte[] in, int inOffset, float[] out, int outOffset) {
        normalized.apply(in, inOffset, shape.height() * shape.width(), out, outOffset);
    }

    /** Writes image {@code index} at {@code out[offset]} and on. */
    void apply(ImageSet images, int index, float[] out, int offset) {
        byte[] pixels = images.pixels(index, workspace.get().spooled);
        int inOffset = images.offset(index);
        int id = images.id(index);
        if (augmentation.resizedCrop().isNone()) {
            apply(pixels, inOffset, id, out, offset);
        } else {
            part(pixels, inOffset, shape.height(), shape.width(), id, out, offset);
        }
    }

    /**
     * Brings an image to the size of all, as the augmentation says or by its center, augments and normalizes it.
     *
     * @param id what augmentation knows the image by
     * @param out receives it from {@code offset} on
     */
    void apply(DecodedImage image, int id, float[] out, int offset) {
        if (augmentation.resizedCrop().isNone()) {
            apply(workspace.get().central.resize(image).pixels(), 0, id, out, offset);
        } else {
            part(image.pixels(), 0, image.height(), image.width(), id, out, offset);
        }
    }

    /** A random part of an image. */
    private void part(byte[] pixels, int inOffset, int height, int width, int id, float[] out, int offset) {
        ImagePart part = augmentation.resizedCrop().choose(seed, epoch, id, height, width);
        Workspace own = workspace.get();
        PixelFormat format = PixelFormat.of(shape.channels(), shape.bits());
        own.whole.resize(pixels, inOffset, width, part, format, own.resized);
        apply(own.resized, 0, id, out, offset);
    }

    private void apply(byte[] in, int inOffset, int id, float[] out, int offset) {
        if (augmentation.equals(Augmentation.NONE)) {
            normalize(in, inOffset, out, offset);
            return;
        }
        cut(in, inOffset, augmentation.choose(seed, epoch, id), out, offset);
        if (augmentation.changesValues()) {
            change(id, out, offset);
        }
    }

    private void cut(byte[] in, int inOffset, Augmentation.Choice choice, float[] out, int offset) {
        // Row y of the result is row y + dy of the image, where there is one; columns before the flip are alike.
        int dy = choice.top() - augmentation.cropPadding();
        int dx = choice.left() - augmentation.cropPadding();
        int rowValues = shape.width() * shape.channels();
        int rowBytes = rowValues * (shape.bits() / Byte.SIZE);
        for (int y = 0; y < shape.height(); y++) {
            int outRow = offset + y * rowValues;
            if (y + dy < 0 || y + dy >= shape.height()) {
                plain.black(out, outRow, shape.width());
            } else {
                row(in, inOffset + (y + dy) * rowBytes, dx, out, outRow);
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
        plain.black(out, outRow, blackLeft);
        int skipped = blackRight * channels * (shape.bits() / Byte.SIZE);
        plain.apply(in, inRow + skipped, inside, out, outRow + blackLeft * channels);
        plain.black(out, outRow + (blackLeft + inside) * channels, blackRight);
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

    /** Changes values that are not normalized yet, and normalizes them. */
    private void change(int id, float[] out, int offset) {
        RandomAffine affine = augmentation.affine();
        if (!affine.isNone()) {
            float[] copy = workspace.get().copy;
            System.arraycopy(out, offset, copy, 0, copy.length);
            affine.choose(seed, epoch, id, shape.height(), shape.width())
                    .apply(copy, shape.height(), shape.width(), shape.channels(), out, offset);
        }
        if (!augmentation.colors().isNone()) {
            int pixels = shape.height() * shape.width();
            augmentation.colors().apply(seed, epoch, id, out, offset, pixels, shape.channels(), shape.maxValue());
        }
        normalization.apply(out, offset, shape.values(), shape.maxValue());
    }
}
