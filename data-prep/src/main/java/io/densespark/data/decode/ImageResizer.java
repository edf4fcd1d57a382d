package io.densespark.data.decode;

import io.densespark.data.DataException;

/**
 * Brings images to a size.
 *
 * <p>Each value is the mean of the image's values weighted with a triangle around the pixel's place: {@code max(0, 1 - d /
 * r)} for pixels at the distance d, where r is 1 or, where the image shrinks, the ratio by which it does. Up, that is
 * bilinear interpolation; down, every pixel of the image counts, so that nothing aliases. Image libraries call it bilinear
 * with antialiasing; Pillow's {@code BILINEAR} differs by rounding only.
 *
 * <p>Not for several threads at once.
 */
public final class ImageResizer {
    private final int height;
    private final int width;
    private final boolean square;
    private float[][] rows = new float[0][];
    private float[] line = new float[0];

    private ImageResizer(int height, int width, boolean square) {
        if (height < 1 || width < 1) {
            throw new DataException("images can't be brought to " + height + "x" + width
                    + " pixels (height x width): give at least 1x1");
        }
        this.height = height;
        this.width = width;
        this.square = square;
    }

    /**
     * Scales so that the shorter side has {@code size} pixels and cuts the central {@code size x size} out. The longer side
     * becomes {@code floor(size * longer / shorter)} pixels; where the rest to cut off is odd, one more is cut at the right
     * or at the bottom.
     *
     * @throws DataException if {@code size} is below 1
     */
    public static ImageResizer toCentralSquare(int size) {
        return new ImageResizer(size, size, true);
    }

    /**
     * Scales height and width each by its own ratio.
     *
     * @throws DataException if one of them is below 1
     */
    public static ImageResizer toSize(int height, int width) {
        return new ImageResizer(height, width, false);
    }

    /** Resizes an image; it comes back itself if it has the size. */
    public DecodedImage resize(DecodedImage image) {
        if (image.height() == height && image.width() == width) {
            return image;
        }
        byte[] resized = new byte
                [Math.multiplyExact(
                        Math.multiplyExact(height, width), image.format().bytesPerPixel())];
        resize(image.pixels(), image.height(), image.width(), image.format(), resized);
        return new DecodedImage(height, width, image.format(), resized);
    }

    /**
     * Resizes an image into an array of the caller's.
     *
     * @param pixels {@code [imageHeight, imageWidth, C]} as {@code format} says; it may be longer
     * @param resized receives the image of the new size, so many bytes at least; every value is rounded to the nearest
     */
    public void resize(byte[] pixels, int imageHeight, int imageWidth, PixelFormat format, byte[] resized) {
        resize(pixels, 0, imageWidth, new ImagePart(0, 0, imageHeight, imageWidth), format, resized);
    }

    /**
     * Resizes a part of an image, as if it had been cut out before: pixels beside it don't count.
     *
     * @param pixels has the image, {@code [H, imageWidth, C]}, from {@code offset} on
     * @param resized as above
     */
    public void resize(byte[] pixels, int offset, int imageWidth, ImagePart part, PixelFormat format, byte[] resized) {
        int shorter = Math.min(part.height(), part.width());
        Taps down = square ? Taps.cut(part.height(), shorter, height) : Taps.whole(part.height(), height);
        Taps across = square ? Taps.cut(part.width(), shorter, width) : Taps.whole(part.width(), width);
        int firstColumn = part.left() + across.first()[0];
        int channels = format.channels();
        int values = across.span() * channels;
        int count = down.count();
        if (rows.length < count || rows[0].length < values) {
            rows = new float[count][values];
        }
        if (line.length < values) {
            line = new float[values];
        }
        int converted = down.first()[0];
        for (int y = 0; y < height; y++) {
            // Each row of the image is made floats once, and stays until no row of the result needs it any more.
            int first = down.first()[y];
            for (; converted < first + count; converted++) {
                int start = ((part.top() + converted) * imageWidth + firstColumn) * channels;
                toFloats(pixels, offset / format.bytesPerValue() + start, format, rows[converted % count], values);
            }
            mixRows(down, y, rows, line, values);
            mixColumns(across, format, line, resized, y * width * channels);
        }
    }

    private static void toFloats(byte[] pixels, int start, PixelFormat format, float[] to, int values) {
        if (format.bytesPerValue() == 1) {
            for (int i = 0; i < values; i++) {
                to[i] = pixels[start + i] & 0xff;
            }
        } else {
            for (int i = 0; i < values; i++) {
                int low = 2 * (start + i);
                to[i] = (pixels[low + 1] & 0xff) << 8 | (pixels[low] & 0xff);
            }
        }
    }

    /** Weighted sums of the rows for one line; four rows at a time, so that the line is read and written less often. */
    private static void mixRows(Taps down, int y, float[][] rows, float[] line, int values) {
        int count = down.count();
        for (int tap = 0; tap < count; tap += 4) {
            // Where there are no four left, the last counts once more, for nothing.
            float[] a = row(down, y, tap, rows);
            float[] b = row(down, y, tap + 1, rows);
            float[] c = row(down, y, tap + 2, rows);
            float[] d = row(down, y, tap + 3, rows);
            float wa = weight(down, y, tap);
            float wb = weight(down, y, tap + 1);
            float wc = weight(down, y, tap + 2);
            float wd = weight(down, y, tap + 3);
            if (tap == 0) {
                sumOfFour(a, wa, b, wb, c, wc, d, wd, line, values);
            } else {
                addFour(a, wa, b, wb, c, wc, d, wd, line, values);
            }
        }
    }

    private static float[] row(Taps down, int y, int tap, float[][] rows) {
        return rows[(down.first()[y] + Math.min(tap, down.count() - 1)) % down.count()];
    }

    private static float weight(Taps down, int y, int tap) {
        return tap < down.count() ? down.weights()[y * down.count() + tap] : 0;
    }

    private static void sumOfFour(
            float[] a,
            float wa,
            float[] b,
            float wb,
            float[] c,
            float wc,
            float[] d,
            float wd,
            float[] to,
            int values) {
        for (int i = 0; i < values; i++) {
            to[i] = wa * a[i] + wb * b[i] + (wc * c[i] + wd * d[i]);
        }
    }

    private static void addFour(
            float[] a,
            float wa,
            float[] b,
            float wb,
            float[] c,
            float wc,
            float[] d,
            float wd,
            float[] to,
            int values) {
        for (int i = 0; i < values; i++) {
            to[i] += wa * a[i] + wb * b[i] + (wc * c[i] + wd * d[i]);
        }
    }

    /** Weighted sums of the columns of one line, rounded to the nearest. */
    private static void mixColumns(Taps across, PixelFormat format, float[] line, byte[] resized, int start) {
        if (format == PixelFormat.RGB8) {
            mixColumnsOfColors(across.first(), across.weights(), across.count(), line, resized, start);
            return;
        }
        int[] first = across.first();
        float[] weights = across.weights();
        int count = across.count();
        for (int x = 0; x < first.length; x++) {
            int from = first[x] - first[0];
            float sum = 0.5f;
            for (int tap = 0; tap < count; tap++) {
                sum += weights[x * count + tap] * line[from + tap];
            }
            int value = (int) sum;
            if (format.bytesPerValue() == 1) {
                resized[start + x] = (byte) value;
            } else {
                resized[2 * (start + x)] = (byte) value;
                resized[2 * (start + x) + 1] = (byte) (value >> 8);
            }
        }
    }

    /** Four columns at a time, and what is left one by one: short loops cost more than what they do. */
    private static void mixColumnsOfColors(
            int[] first, float[] weights, int count, float[] line, byte[] resized, int start) {
        int to = start;
        for (int x = 0; x < first.length; x++) {
            int from = (first[x] - first[0]) * 3;
            float red = 0.5f;
            float green = 0.5f;
            float blue = 0.5f;
            int tap = x * count;
            int end = tap + count;
            for (; tap + 4 <= end; tap += 4) {
                float w0 = weights[tap];
                float w1 = weights[tap + 1];
                float w2 = weights[tap + 2];
                float w3 = weights[tap + 3];
                red = Math.fma(
                        w0,
                        line[from],
                        Math.fma(w1, line[from + 3], Math.fma(w2, line[from + 6], Math.fma(w3, line[from + 9], red))));
                green = Math.fma(
                        w0,
                        line[from + 1],
                        Math.fma(
                                w1,
                                line[from + 4],
                                Math.fma(w2, line[from + 7], Math.fma(w3, line[from + 10], green))));
                blue = Math.fma(
                        w0,
                        line[from + 2],
                        Math.fma(
                                w1, line[from + 5], Math.fma(w2, line[from + 8], Math.fma(w3, line[from + 11], blue))));
                from += 12;
            }
            for (; tap < end; tap++) {
                float weight = weights[tap];
                red = Math.fma(weight, line[from], red);
                green = Math.fma(weight, line[from + 1], green);
                blue = Math.fma(weight, line[from + 2], blue);
                from += 3;
            }
            resized[to] = (byte) (int) red;
            resized[to + 1] = (byte) (int) green;
            resized[to + 2] = (byte) (int) blue;
            to += 3;
        }
    }
}
