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
    private float[] rows = new float[0];
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
     * @param resized receives the image of the new size; every value is rounded to the nearest
     */
    public void resize(byte[] pixels, int imageHeight, int imageWidth, PixelFormat format, byte[] resized) {
        int shorter = Math.min(imageHeight, imageWidth);
        Taps down = square ? Taps.cut(imageHeight, shorter, height) : Taps.whole(imageHeight, height);
        Taps across = square ? Taps.cut(imageWidth, shorter, width) : Taps.whole(imageWidth, width);
        int channels = format.channels();
        int values = across.span() * channels;
        int kept = down.most();
        if (rows.length < kept * values) {
            rows = new float[kept * values];
        }
        if (line.length < values) {
            line = new float[values];
        }
        int converted = down.first(0);
        for (int y = 0; y < height; y++) {
            // Each row of the image is made floats once, and stays until no row of the result needs it any more.
            for (int end = down.first(y) + down.count(y); converted < end; converted++) {
                int start = (converted * imageWidth + across.first(0)) * channels;
                toFloats(pixels, start, format, converted % kept * values, values);
            }
            mixRows(down, y, kept, values);
            mixColumns(across, format, resized, y * width * channels);
        }
    }

    private void toFloats(byte[] pixels, int start, PixelFormat format, int to, int values) {
        if (format.bytesPerValue() == 1) {
            for (int i = 0; i < values; i++) {
                rows[to + i] = pixels[start + i] & 0xff;
            }
        } else {
            for (int i = 0; i < values; i++) {
                int at = 2 * (start + i);
                rows[to + i] = (pixels[at + 1] & 0xff) << 8 | (pixels[at] & 0xff);
            }
        }
    }

    /** A weighted sum of rows, into {@link #line}. */
    private void mixRows(Taps down, int y, int kept, int values) {
        int first = down.first(y);
        scale(rows, first % kept * values, down.weight(y, 0), line, values);
        for (int tap = 1; tap < down.count(y); tap++) {
            add(rows, (first + tap) % kept * values, down.weight(y, tap), line, values);
        }
    }

    private static void scale(float[] from, int start, float weight, float[] to, int values) {
        for (int i = 0; i < values; i++) {
            to[i] = weight * from[start + i];
        }
    }

    private static void add(float[] from, int start, float weight, float[] to, int values) {
        for (int i = 0; i < values; i++) {
            to[i] += weight * from[start + i];
        }
    }

    private void mixColumns(Taps across, PixelFormat format, byte[] resized, int start) {
        if (format == PixelFormat.RGB8) {
            mixColumnsRgb(across, resized, start);
            return;
        }
        for (int x = 0; x < width; x++) {
            int from = across.first(x) - across.first(0);
            float sum = 0.5f;
            for (int tap = 0; tap < across.count(x); tap++) {
                sum += across.weight(x, tap) * line[from + tap];
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

    private void mixColumnsRgb(Taps across, byte[] resized, int start) {
        float[] values = line;
        for (int x = 0; x < width; x++) {
            int at = (across.first(x) - across.first(0)) * 3;
            float red = 0.5f;
            float green = 0.5f;
            float blue = 0.5f;
            for (int tap = 0; tap < across.count(x); tap++) {
                float weight = across.weight(x, tap);
                red += weight * values[at];
                green += weight * values[at + 1];
                blue += weight * values[at + 2];
                at += 3;
            }
            resized[start + 3 * x] = (byte) (int) red;
            resized[start + 3 * x + 1] = (byte) (int) green;
            resized[start + 3 * x + 2] = (byte) (int) blue;
        }
    }
}
