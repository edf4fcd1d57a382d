package io.densespark.spark.evaluate;

/** What one image's logits say, in double. Made once, and filled for each image. */
final class Softmax {
    private final double[] shares;
    private double[] logits = new double[0];
    private double sum;
    private int best;

    Softmax(int classes) {
        shares = new double[classes];
        logits = new double[classes];
    }

    /** Takes an image's logits, from {@code row[first]} on. */
    void take(float[] row, int first) {
        best = 0;
        for (int c = 0; c < shares.length; c++) {
            logits[c] = row[first + c];
            if (logits[c] > logits[best]) {
                best = c;
            }
        }
        sum = 0;
        for (int c = 0; c < shares.length; c++) {
            shares[c] = Math.exp(logits[c] - logits[best]);
            sum += shares[c];
        }
    }

    /** The class of the largest logit; of several, the first. */
    int predicted() {
        return best;
    }

    /** The probability of that class. */
    double confidence() {
        return 1 / sum;
    }

    /** The cross-entropy of a class. */
    double loss(int label) {
        return logits[best] + Math.log(sum) - logits[label];
    }

    /** How many classes come before this one: those of larger logits, and of equal ones with a smaller index. */
    int rank(int label) {
        int before = 0;
        for (int c = 0; c < logits.length; c++) {
            before += logits[c] > logits[label] || (logits[c] == logits[label] && c < label) ? 1 : 0;
        }
        return before;
    }

    /** {@code log(p / (1 - p))} of a class's probability p, exact also where p is next to 0 or 1. */
    double logOdds(int c) {
        double others = 0;
        if (c == best) {
            for (int other = 0; other < shares.length; other++) {
                others += other == c ? 0 : shares[other];
            }
        } else {
            others = sum - shares[c];
        }
        return logits[c] - logits[best] - Math.log(others);
    }
}
