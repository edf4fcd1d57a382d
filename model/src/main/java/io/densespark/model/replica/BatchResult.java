package io.densespark.model.replica;

/**
 * What a pass over some images gave.
 *
 * @param examples images
 * @param lossSum sum of their cross-entropies, each times the image's weight
 * @param correct images whose largest output is their label's
 */
public record BatchResult(int examples, double lossSum, int correct) {
    /** The result of no images. */
    public static final BatchResult EMPTY = new BatchResult(0, 0, 0);

    /** This result and another one together. */
    public BatchResult plus(BatchResult other) {
        return new BatchResult(examples + other.examples, lossSum + other.lossSum, correct + other.correct);
    }
}
