package io.densespark.data.decode;

/**
 * Which pixels along one side of an image make up each of the new side's, and with which weights, of sum 1. All have the
 * same number of pixels, so that loops over them have one length; some of the weights are 0.
 */
final class Taps {
    private final int count;
    private final int[] first;

    /** {@code [new side, count]}. */
    private final float[] weights;

    private Taps(int count, int[] first, float[] weights) {
        this.count = count;
        this.first = first;
        this.weights = weights;
    }

    /** For a side that is scaled to {@code size}. */
    static Taps whole(int side, int size) {
        return of(side, size, 0, size);
    }

    /** For a side of which, scaled as the shorter one is to {@code size}, the central {@code size} pixels are wanted. */
    static Taps cut(int side, int shorter, int size) {
        long scaled = (long) size * side / shorter;
        return of(side, scaled, (scaled - size) / 2, size);
    }

    private static Taps of(int side, long scaled, long cut, int size) {
        double ratio = (double) side / scaled;
        double radius = Math.max(1, ratio);
        // An interval of twice the radius has so many pixels' centers in it, at most.
        int count = (int) Math.min(side, Math.ceil(2 * radius));
        int[] first = new int[size];
        float[] weights = new float[size * count];
        double[] exact = new double[count];
        for (int i = 0; i < size; i++) {
            double center = (cut + i + 0.5) * ratio;
            // The first pixel whose center, at + 0.5, is within the radius.
            int begin = (int) Math.ceil(center - radius - 0.5);
            first[i] = Math.max(0, Math.min(begin, side - count));
            double sum = 0;
            for (int tap = 0; tap < count; tap++) {
                exact[tap] = Math.max(0, 1 - Math.abs(first[i] + tap + 0.5 - center) / radius);
                sum += exact[tap];
            }
            for (int tap = 0; tap < count; tap++) {
                weights[i * count + tap] = (float) (exact[tap] / sum);
            }
        }
        return new Taps(count, first, weights);
    }

    /** The number of pixels that make up one. */
    int count() {
        return count;
    }

    /** Number of pixels from the first that counts to the last. */
    int span() {
        return first[first.length - 1] + count - first[0];
    }

    /** Of each of the new side's pixels, the first that counts. */
    int[] first() {
        return first;
    }

    float[] weights() {
        return weights;
    }
}
