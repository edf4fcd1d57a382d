package io.densespark.spark.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is counted of a model's outputs. Its size depends on the numbers of images and of classes, not on their product: for
 * each image its label, the predicted class and the bin of its score; for each class the scores of all images in bins.
 */
final class EvaluationStatistics {
    private static final int TOP = 5;

    private final ScoreCounts scores;
    private final Calibration calibration = new Calibration();
    private final Softmax softmax;
    private final int classes;
    private int[] labels;
    private int[] predicted;
    private int[] ownBins;
    private int images;
    private double lossSum;
    private int inTop;

    /** @param images as many as are expected */
    EvaluationStatistics(int classes, int images) {
        this.classes = classes;
        scores = new ScoreCounts(classes);
        softmax = new Softmax(classes);
        labels = new int[images];
        predicted = new int[images];
        ownBins = new int[images];
    }

    /**
     * Counts some images.
     *
     * @param logits {@code [N, classes]}, row by row
     * @param batchLabels {@code [N]}; may be longer
     * @param count N
     */
    void add(float[] logits, int[] batchLabels, int count) {
        reserve(images + count);
        for (int n = 0; n < count; n++) {
            int label = batchLabels[n];
            softmax.take(logits, n * classes);
            for (int c = 0; c < classes; c++) {
                int bin = scores.bin(softmax.logOdds(c));
                scores.add(c, bin);
                if (c == label) {
                    ownBins[images] = bin;
                }
            }
            labels[images] = label;
            predicted[images] = softmax.predicted();
            lossSum += softmax.loss(label);
            inTop += softmax.rank(label) < TOP ? 1 : 0;
            calibration.add(softmax.confidence(), softmax.predicted() == label);
            images++;
        }
    }

    /** Adds what a rank has found. */
    void add(SliceResult slice) {
        reserve(images + slice.labels().length);
        System.arraycopy(slice.labels(), 0, labels, images, slice.labels().length);
        System.arraycopy(slice.predicted(), 0, predicted, images, slice.labels().length);
        System.arraycopy(slice.ownBins(), 0, ownBins, images, slice.labels().length);
        images += slice.labels().length;
        lossSum += slice.lossSum();
        inTop += slice.inTop();
        calibration.add(slice.calibration());
        scores.addPacked(slice.scores());
    }

    private void reserve(int count) {
        if (count > labels.length) {
            int length = Math.max(count, labels.length + labels.length / 2);
            labels = Arrays.copyOf(labels, length);
            predicted = Arrays.copyOf(predicted, length);
            ownBins = Arrays.copyOf(ownBins, length);
        }
    }

    /** The same on its way to the driver. */
    SliceResult slice() {
        return new SliceResult(
                lossSum,
                inTop,
                Arrays.copyOf(labels, images),
                Arrays.copyOf(predicted, images),
                Arrays.copyOf(ownBins, images),
                calibration,
                scores.packed());
    }

    /**
     * What all that means.
     *
     * @param names of the classes
     */
    EvaluationReport report(List<String> names) {
        ConfusionMatrix confusion = new ConfusionMatrix(classes);
        int correct = 0;
        for (int i = 0; i < images; i++) {
            confusion.add(labels[i], predicted[i]);
            correct += labels[i] == predicted[i] ? 1 : 0;
        }
        int[] byLabel = IntStream.range(0, images)
                .boxed()
                .sorted((a, b) -> Integer.compare(labels[a], labels[b]))
                .mapToInt(i -> i)
                .toArray();
        ClassFigures[] figures = new ClassFigures[classes];
        int next = 0;
        for (int c = 0; c < classes; c++) {
            int[] positives = new int[scores.bins()];
            int[] negatives = scores.of(c);
            for (; next < images && labels[byLabel[next]] == c; next++) {
                positives[ownBins[byLabel[next]]]++;
                negatives[ownBins[byLabel[next]]]--;
            }
            figures[c] = ClassFigures.of(names.get(c), c, confusion, Auroc.of(positives, negatives));
        }
        return new EvaluationReport(images, correct, inTop, lossSum, List.of(figures), confusion, calibration);
    }
}
