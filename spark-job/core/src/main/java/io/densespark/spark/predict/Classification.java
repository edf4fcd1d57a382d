package io.densespark.spark.predict;

import io.densespark.spark.JobException;
import java.io.Serializable;
import java.util.List;

/**
 * From logits to probabilities and a class.
 *
 * @param thresholds of the classes as Spark's {@code ProbabilisticClassificationModel} takes them: the class with the
 *     largest {@code probability / threshold} is predicted; none for the most probable one
 */
record Classification(List<Double> thresholds) implements Serializable {
    /** @throws JobException if a threshold is negative or no number, or two are 0 */
    Classification {
        thresholds = List.copyOf(thresholds);
        boolean areNumbers = thresholds.stream().allMatch(each -> each >= 0 && each < Double.POSITIVE_INFINITY);
        if (!areNumbers || thresholds.stream().filter(each -> each == 0).count() > 1) {
            throw new JobException("setting thresholds is " + thresholds
                    + ": give a number for each class, none negative and at most one of them 0");
        }
    }

    /** @throws JobException if there are thresholds, and not one for each class */
    void requireFor(int classes) {
        if (!thresholds.isEmpty() && thresholds.size() != classes) {
            throw new JobException("setting thresholds has " + thresholds.size() + " values, the model has " + classes
                    + " classes: give one for each");
        }
    }

    /** Softmax of one image's logits. */
    static double[] probabilities(double[] logits) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double logit : logits) {
            largest = Math.max(largest, logit);
        }
        double[] probabilities = new double[logits.length];
        double sum = 0;
        for (int c = 0; c < logits.length; c++) {
            probabilities[c] = Math.exp(logits[c] - largest);
            sum += probabilities[c];
        }
        for (int c = 0; c < logits.length; c++) {
            probabilities[c] /= sum;
        }
        return probabilities;
    }

    /** The class; of several that are equal, the first. */
    int predict(double[] probabilities) {
        int best = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < probabilities.length; c++) {
            // 0 of a threshold of 0 is no number, and then isn't larger.
            double scaled = thresholds.isEmpty() ? probabilities[c] : probabilities[c] / thresholds.get(c);
            if (scaled > most) {
                most = scaled;
                best = c;
            }
        }
        return best;
    }
}
