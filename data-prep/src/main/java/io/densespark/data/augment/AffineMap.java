package io.densespark.data.augment;

import java.util.Arrays;

/**
 * An affine change of an image, as the way back: the value at column x and row y of the result is that of the image at {@code
 * (xx x + xy y + x0, yx x + yy y + y0)}, where whole numbers are the centers of pixels; between them it is interpolated
 * bilinearly, and outside of the image all values are 0.
 */
public record AffineMap(double xx, double xy, double x0, double yx, double yy, double y0) {
    /**
     * Turned by {@code angle} about the image's center after it was sheared and scaled, then moved. The matrix is that of
     * torchvision's {@code affine}: M = T C R S C^-1, with R S = factor [[cos a, -cos a tan s - sin a], [sin a, cos a - sin a
     * tan s]].
     *
     * @param angle in radians, clockwise as images are seen
     * @param right how far it is moved, in pixels
     * @param down the same
     * @param shear in radians
     */
    static AffineMap of(double angle, double right, double down, double factor, double shear, int height, int width) {
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        double tan = Math.tan(shear);
        // The inverse of R S, whose determinant is that of the scaling alone.
        double xx = (cos - sin * tan) / factor;
        double xy = (cos * tan + sin) / factor;
        double yx = -sin / factor;
        double yy = cos / factor;
        double centerX = (width - 1) / 2.0;
        double centerY = (height - 1) / 2.0;
        double x0 = centerX - xx * (centerX + right) - xy * (centerY + down);
        double y0 = centerY - yx * (centerX + right) - yy * (centerY + down);
        return new AffineMap(xx, xy, x0, yx, yy, y0);
    }

    /**
     * Applies it.
     *
     * @param in the image, {@code [H, W, C]} from index 0
     * @param out receives the result {@code [H, W, C]} from {@code offset} on; another array
     */
    public void apply(float[] in, int height, int width, int channels, float[] out, int offset) {
        for (int y = 0; y < height; y++) {
            double rowX = xy * y + x0;
            double rowY = yy * y + y0;
            int to = offset + y * width * channels;
            for (int x = 0; x < width; x++, to += channels) {
                double atX = xx * x + rowX;
                double atY = yx * x + rowY;
                if (!(atX > -1 && atX < width && atY > -1 && atY < height)) {
                    Arrays.fill(out, to, to + channels, 0);
                    continue;
                }
                // Rounded down: casts round towards 0.
                int left = (int) (atX + 1) - 1;
                int top = (int) (atY + 1) - 1;
                float right = (float) (atX - left);
                float below = (float) (atY - top);
                if (left >= 0 && left < width - 1 && top >= 0 && top < height - 1) {
                    inside(in, (top * width + left) * channels, width * channels, channels, right, below, out, to);
                } else {
                    for (int c = 0; c < channels; c++) {
                        float upper = mix(
                                value(in, top, left, c, height, width, channels),
                                value(in, top, left + 1, c, height, width, channels),
                                right);
                        float lower = mix(
                                value(in, top + 1, left, c, height, width, channels),
                                value(in, top + 1, left + 1, c, height, width, channels),
                                right);
                        out[to + c] = mix(upper, lower, below);
                    }
                }
            }
        }
    }

    private static void inside(
            float[] in, int from, int nextRow, int channels, float right, float below, float[] out, int to) {
        for (int c = 0; c < channels; c++) {
            int at = from + c;
            float upper = mix(in[at], in[at + channels], right);
            float lower = mix(in[at + nextRow], in[at + nextRow + channels], right);
            out[to + c] = mix(upper, lower, below);
        }
    }

    private static float mix(float a, float b, float share) {
        return a + (b - a) * share;
    }

    private static float value(float[] in, int y, int x, int c, int height, int width, int channels) {
        return y < 0 || y >= height || x < 0 || x >= width ? 0 : in[(y * width + x) * channels + c];
    }
}
