package io.densespark.model.replica;

import java.util.Arrays;

/** Softmax cross-entropy, in double: a few numbers an image, so exactness costs nothing. */
final class CrossEntropy {
    private CrossEntropy() {}

    /**
     * The loss of some images.
     *
     * @param logits {@code [N, classes]} row by row
     * @param labels of the images; at least N
     * @param weights of the images, at least N; empty where all are 1
     */
    static BatchResult loss(float[] logits, int[] labels, float[] weights, int images, int classes) {
        double loss = 0;
        int correct = 0;
        for (int n = 0; n < images; n++) {
            int row = n * classes;
            loss += weight(weights, n) * (logOfSum(logits, row, classes) - logits[row + labels[n]]);
            correct += largest(logits, row, classes) == labels[n] ? 1 : 0;
        }
        return new BatchResult(images, loss, correct);
    }

    /**
     * Overwrites the logits with the gradient of {@code scale} times the summed loss; an image whose loss isn't finite has no
     * numbers in it, so that all who get a sum of gradients see it.
     */
    static void gradient(float[] logits, int[] labels, float[] weights, int images, int classes, double scale) {
        for (int n = 0; n < images; n++) {
            int row = n * classes;
            double log = logOfSum(logits, row, classes);
            if (!Double.isFinite(weight(weights, n) * (log - logits[row + labels[n]]))) {
                Arrays.fill(logits, row, row + classes, Float.NaN);
                continue;
            }
            for (int c = 0; c < classes; c++) {
                double target = c == labels[n] ? 1 : 0;
                logits[row + c] = (float) ((Math.exp(logits[row + c] - log) - target) * scale * weight(weights, n));
            }
        }
    }

    private static double weight(float[] weights, int image) {
        return weights.length == 0 ? 1 : weights[image];
    }

    private static double logOfSum(float[] logits, int row, int classes) {
        double max = logits[row + largest(logits, row, classes)];
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            sum += Math.exp(logits[row + c] - max);
        }
        return max + Math.log(sum);
    }

    private static int largest(float[] logits, int row, int classes) {
        int best = 0;
        for (int c = 1; c < classes; c++) {
            if (logits[row + c] > logits[row + best]) {
                best = c;
            }
        }
        return best;
    }
}
