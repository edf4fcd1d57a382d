package io.densespark.data.decode;

/** Which pixels along one side of an image make up each of the new side's, and with which weights, of sum 1. */
final class Taps {
    private final int most;
    private final int[] first;
    private final int[] counts;

    /** {@code [new side, most]}. */
    private final float[] weights;

    private Taps(int size, int most) {
        this.most = most;
        this.first = new int[size];
        this.counts = new int[size];
        this.weights = new float[size * most];
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
        Taps taps = new Taps(size, (int) Math.min(side, Math.ceil(2 * radius) + 1));
        double[] exact = new double[taps.most];
        for (int i = 0; i < size; i++) {
            double center = (cut + i + 0.5) * ratio;
            // The pixels whose centers, at + 0.5, are within the radius.
            int begin = Math.max(0, (int) Math.floor(center - radius + 0.5));
            int end = Math.min(side, (int) Math.floor(center + radius + 0.5));
            double sum = 0;
            for (int pixel = begin; pixel < end; pixel++) {
                exact[pixel - begin] = Math.max(0, 1 - Math.abs(pixel + 0.5 - center) / radius);
                sum += exact[pixel - begin];
            }
            taps.first[i] = begin;
            taps.counts[i] = end - begin;
            for (int tap = 0; tap < end - begin; tap++) {
                taps.weights[i * taps.most + tap] = (float) (exact[tap] / sum);
            }
        }
        return taps;
    }

    /** The largest number of pixels that make up one. */
    int most() {
        return most;
    }

    /** Number of pixels from the first that counts to the last. */
    int span() {
        int last = first.length - 1;
        return first[last] + counts[last] - first[0];
    }

    int first(int index) {
        return first[index];
    }

    int count(int index) {
        return counts[index];
    }

    float weight(int index, int tap) {
        return weights[index * most + tap];
    }
}
