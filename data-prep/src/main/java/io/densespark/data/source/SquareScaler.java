package io.densespark.data.source;

import io.densespark.data.ImageShape;
import java.util.Arrays;

/**
 * Scales images so that their shorter side has {@code size} pixels and cuts the central {@code size x size} out of them.
 *
 * <p>The longer side becomes {@code floor(size * longer / shorter)} pixels; where the rest to cut off is odd, one more is
 * cut at the right or at the bottom. Each value is the mean of the image's values weighted with a triangle around the
 * pixel's place: {@code max(0, 1 - d / r)} for pixels at the distance d, where r is 1 or, where the image shrinks, the
 * ratio by which it does. Up, that is bilinear interpolation; down, every pixel of the image counts, so that nothing
 * aliases. Image libraries call it bilinear with antialiasing.
 *
 * <p>Not for several threads at once.
 */
final class SquareScaler {
    private final int size;
    private double[] line = new double[0];

    SquareScaler(int size) {
        this.size = size;
    }

    /**
     * Scales and cuts one image.
     *
     * @param image {@code [H, W, C]} as {@code shape} says, unsigned bytes; it may be longer
     * @param square receives {@code [size, size, C]}; every value is rounded to the nearest
     */
    void scale(byte[] image, ImageShape shape, byte[] square) {
        int shorter = Math.min(shape.height(), shape.width());
        Taps rows = Taps.of(shape.height(), shorter, size);
        Taps columns = Taps.of(shape.width(), shorter, size);
        int values = shape.width() * shape.channels();
        if (line.length < values) {
            line = new double[values];
        }
        for (int y = 0; y < size; y++) {
            mixRows(image, values, rows.first[y], rows.weights[y]);
            mixColumns(columns, shape.channels(), square, y * size * shape.channels());
        }
    }

    /** A weighted sum of whole rows of the image, into {@link #line}. */
    private void mixRows(byte[] image, int values, int firstRow, double[] weights) {
        Arrays.fill(line, 0, values, 0);
        for (int row = 0; row < weights.length; row++) {
            double weight = weights[row];
            int start = (firstRow + row) * values;
            for (int i = 0; i < values; i++) {
                line[i] += weight * (image[start + i] & 0xff);
            }
        }
    }

    private void mixColumns(Taps columns, int channels, byte[] square, int start) {
        for (int x = 0; x < size; x++) {
            double[] weights = columns.weights[x];
            for (int c = 0; c < channels; c++) {
                double sum = 0;
                for (int column = 0; column < weights.length; column++) {
                    sum += weights[column] * line[(columns.first[x] + column) * channels + c];
                }
                square[start + x * channels + c] = (byte) (int) (sum + 0.5);
            }
        }
    }

    /** Which pixels along one side of an image make up each of the square's, and with which weights, of sum 1. */
    private static final class Taps {
        private final int[] first;
        private final double[][] weights;

        private Taps(int[] first, double[][] weights) {
            this.first = first;
            this.weights = weights;
        }

        static Taps of(int side, int shorter, int size) {
            long scaled = (long) size * side / shorter;
            long cut = (scaled - size) / 2;
            double ratio = (double) side / scaled;
            double radius = Math.max(1, ratio);
            int[] first = new int[size];
            double[][] weights = new double[size][];
            for (int i = 0; i < size; i++) {
                double center = (cut + i + 0.5) * ratio;
                // The pixels whose centers, at + 0.5, are within the radius.
                first[i] = Math.max(0, (int) Math.floor(center - radius + 0.5));
                int end = Math.min(side, (int) Math.floor(center + radius + 0.5));
                weights[i] = weights(first[i], end, center, radius);
            }
            return new Taps(first, weights);
        }

        private static double[] weights(int first, int end, double center, double radius) {
            double[] weights = new double[end - first];
            double sum = 0;
            for (int i = 0; i < weights.length; i++) {
                weights[i] = Math.max(0, 1 - Math.abs(first + i + 0.5 - center) / radius);
                sum += weights[i];
            }
            for (int i = 0; i < weights.length; i++) {
                weights[i] /= sum;
            }
            return weights;
        }
    }
}
