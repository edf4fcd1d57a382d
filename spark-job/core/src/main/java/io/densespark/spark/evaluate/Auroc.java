package io.densespark.spark.evaluate;

/**
 * Area under the receiver operating characteristic: the share of pairs of a positive and a negative example in which the
 * positive one has the larger score, where equal scores count half (the same as by midranks).
 *
 * <p>Of scores that are known by their bins alone, those of one bin count as equal. The area is off by at most half the share
 * of the pairs within bins.
 *
 * @param area 0 to 1; NaN if there are no positives or no negatives
 * @param error how far it may be off
 */
record Auroc(double area, double error) {
    /**
     * The area by counts of scores.
     *
     * @param positives positive examples by the bins of their scores, the smallest first
     * @param negatives the same of negative examples
     */
    static Auroc of(int[] positives, int[] negatives) {
        double pairs = 0;
        double within = 0;
        long negativesBelow = 0;
        long allPositives = 0;
        for (int bin = 0; bin < positives.length; bin++) {
            double inBin = (double) positives[bin] * negatives[bin];
            pairs += (double) positives[bin] * negativesBelow + inBin / 2;
            within += inBin;
            negativesBelow += negatives[bin];
            allPositives += positives[bin];
        }
        double all = (double) allPositives * negativesBelow;
        return all == 0 ? new Auroc(Double.NaN, Double.NaN) : new Auroc(pairs / all, within / 2 / all);
    }
}
