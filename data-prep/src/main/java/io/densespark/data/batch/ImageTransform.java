package io.densespark.data.batch;

import io.densespark.data.DataException;
import io.densespark.data.ImageShape;
import io.densespark.data.augment.RandomAffine;
import io.densespark.data.decode.DecodedImage;
import io.densespark.data.decode.ImagePart;
import io.densespark.data.decode.ImageResizer;
import io.densespark.data.decode.PixelFormat;
import java.util.Arrays;
import java.util.Optional;

/**
 * Augments examples of one epoch: bytes, or pairs of them, {@code [H, W, C]} in; out come floats {@code [H, W, C]}, normalized,
 * or bytes again, where they can be normalized later. For any number of threads.
 */
public final class ImageTransform {
    private static final byte BLACK = 0;

    private final ImageShape shape;
    private final Normalization normalization;
    private final Augmentation augmentation;
    private final long seed;
    private final int epoch;
    /** {@code [C, max + 1]}: what becomes of each value of each channel when it is normalized. */
    private final float[] table;

    private final ValueTable normalized;
    /** Values as they are. */
    private final ValueTable plain;

    private final ThreadLocal<Workspace> workspace;

    /** What a thread needs for changes that it can't make in place. */
    private static final class Workspace {
        private final ImageResizer central;
        private final ImageResizer whole;
        private final byte[] resized;
        private final byte[] spooled;
        private final byte[] changed;
        private final float[] copy;

        Workspace(ImageShape shape) {
            whole = ImageResizer.toSize(shape.height(), shape.width());
            central = shape.height() == shape.width() ? ImageResizer.toCentralSquare(shape.height()) : whole;
            resized = new byte[shape.bytes()];
            spooled = new byte[shape.bytes()];
            changed = new byte[shape.bytes()];
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
        table = normalization.table(shape.maxValue());
        normalized = new ValueTable(shape, table);
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

    /**
     * {@code [C, 256]}: what becomes of each byte of each channel when it is normalized, where examples stay bytes until then;
     * empty where they don't, since they are pairs of bytes, or values change. Not copied.
     */
    Optional<float[]> byteTable() {
        return shape.bits() == Byte.SIZE && !augmentation.changesValues() ? Optional.of(table) : Optional.empty();
    }

    /** Writes image {@code index} at {@code out[offset]} and on. */
    void apply(ImageSet images, int index, float[] out, int offset) {
        Workspace own = workspace.get();
        if (augmentation.equals(Augmentation.NONE)) {
            normalize(images.pixels(index, own.spooled), images.offset(index), out, offset);
        } else {
            apply(images, index, own.changed, 0);
            values(images.id(index), own.changed, out, offset);
        }
    }

    /** The same, not normalized. */
    void apply(ImageSet images, int index, byte[] out, int offset) {
        byte[] pixels = images.pixels(index, workspace.get().spooled);
        int inOffset = images.offset(index);
        int id = images.id(index);
        if (augmentation.resizedCrop().isNone()) {
            cut(pixels, inOffset, id, out, offset);
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
        byte[] changed = workspace.get().changed;
        apply(image, id, changed, 0);
        values(id, changed, out, offset);
    }

    /** The same, not normalized. */
    void apply(DecodedImage image, int id, byte[] out, int offset) {
        if (augmentation.resizedCrop().isNone()) {
            cut(workspace.get().central.resize(image).pixels(), 0, id, out, offset);
        } else {
            part(image.pixels(), 0, image.height(), image.width(), id, out, offset);
        }
    }

    /** A random part of an image. */
    private void part(byte[] pixels, int inOffset, int height, int width, int id, byte[] out, int offset) {
        ImagePart part = augmentation.resizedCrop().choose(seed, epoch, id, height, width);
        Workspace own = workspace.get();
        PixelFormat format = PixelFormat.of(shape.channels(), shape.bits());
        own.whole.resize(pixels, inOffset, width, part, format, own.resized);
        cut(own.resized, 0, id, out, offset);
    }

    /** Crops and flips. */
    private void cut(byte[] in, int inOffset, int id, byte[] out, int offset) {
        Augmentation.Choice choice = augmentation.choose(seed, epoch, id);
        // Row y of the result is row y + dy of the image, where there is one; columns before the flip are alike.
        int dy = choice.top() - augmentation.cropPadding();
        int dx = choice.left() - augmentation.cropPadding();
        int pixelBytes = shape.channels() * (shape.bits() / Byte.SIZE);
        int rowBytes = shape.width() * pixelBytes;
        int blackLeft = Math.max(0, -dx) * pixelBytes;
        int blackRight = Math.max(0, dx) * pixelBytes;
        for (int y = 0; y < shape.height(); y++) {
            int outRow = offset + y * rowBytes;
            if (y + dy < 0 || y + dy >= shape.height()) {
                Arrays.fill(out, outRow, outRow + rowBytes, BLACK);
                continue;
            }
            int inRow = inOffset + (y + dy) * rowBytes;
            int inside = rowBytes - blackLeft - blackRight;
            Arrays.fill(out, outRow, outRow + blackLeft, BLACK);
            System.arraycopy(in, inRow + blackRight, out, outRow + blackLeft, inside);
            Arrays.fill(out, outRow + blackLeft + inside, outRow + rowBytes, BLACK);
            if (choice.flip()) {
                flip(out, outRow, pixelBytes);
            }
        }
    }

    private void flip(byte[] out, int outRow, int pixelBytes) {
        for (int left = 0, right = shape.width() - 1; left < right; left++, right--) {
            for (int i = 0; i < pixelBytes; i++) {
                int a = outRow + left * pixelBytes + i;
                int b = outRow + right * pixelBytes + i;
                byte taken = out[a];
                out[a] = out[b];
                out[b] = taken;
            }
        }
    }

    /** Changes values, where augmentation does, and normalizes them. */
    private void values(int id, byte[] in, float[] out, int offset) {
        if (!augmentation.changesValues()) {
            normalize(in, 0, out, offset);
            return;
        }
        plain.apply(in, 0, shape.height() * shape.width(), out, offset);
        change(id, out, offset);
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
