package io.densespark.spark.evaluate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * How far a model's confidence is its accuracy, in 15 bins of equal width: bin m of M has the images whose predicted class has
 * a probability in {@code ((m - 1) / M, m / M]} (Guo et al., "On Calibration of Modern Neural Networks", 2017).
 */
final class Calibration implements Serializable {
    static final int BINS = 15;

    private final long[] images = new long[BINS];
    private final long[] correct = new long[BINS];
    private final double[] confidences = new double[BINS];

    /**
     * One of the bins.
     *
     * @param from above this confidence
     * @param to up to this one
     * @param images in it
     * @param confidence mean; NaN without images
     * @param accuracy share of the images that are classified right; NaN without images
     */
    record Bin(double from, double to, long images, double confidence, double accuracy) {}

    /** Counts an image. */
    void add(double confidence, boolean isCorrect) {
        int bin = Math.max(0, Math.min(BINS - 1, (int) Math.ceil(confidence * BINS) - 1));
        images[bin]++;
        correct[bin] += isCorrect ? 1 : 0;
        confidences[bin] += confidence;
    }

    void add(Calibration other) {
        for (int bin = 0; bin < BINS; bin++) {
            images[bin] += other.images[bin];
            correct[bin] += other.correct[bin];
            confidences[bin] += other.confidences[bin];
        }
    }

    List<Bin> bins() {
        List<Bin> bins = new ArrayList<>();
        for (int bin = 0; bin < BINS; bin++) {
            bins.add(new Bin(
                    (double) bin / BINS,
                    (bin + 1.0) / BINS,
                    images[bin],
                    confidences[bin] / images[bin],
                    (double) correct[bin] / images[bin]));
        }
        return bins;
    }

    /** The expected calibration error: the mean difference of confidence and accuracy, bins weighted by their images. */
    double error() {
        double sum = 0;
        long all = 0;
        for (int bin = 0; bin < BINS; bin++) {
            sum += Math.abs(confidences[bin] - correct[bin]);
            all += images[bin];
        }
        return sum / all;
    }
}
