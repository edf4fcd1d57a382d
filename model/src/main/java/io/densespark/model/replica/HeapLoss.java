package io.densespark.model.replica;

import java.util.function.Supplier;

/** The loss in Java, from outputs that it reads and gradients that it writes. */
final class HeapLoss implements TrainingLoss {
    private static final int[] NO_LABELS = {};
    private static final float[] NONE = {};

    private final Head head;
    private final int classes;
    private int[] labels = NO_LABELS;
    private float[] weights = NONE;
    private float[] logits = NONE;
    private int images;
    private double scale;
    private BatchResult result = BatchResult.EMPTY;

    HeapLoss(Head head, int classes) {
        this.head = head;
        this.classes = classes;
    }

    @Override
    public void begin(int[] ofImages, float[] weightOfImages, int count, double scaleOfGradient) {
        labels = ofImages;
        weights = weightOfImages;
        images = count;
        scale = scaleOfGradient;
    }

    @Override
    public void endForward() {
        logits = head.logits(images);
        result = CrossEntropy.loss(logits, labels, weights, images, classes);
        CrossEntropy.gradient(logits, labels, weights, images, classes, scale);
    }

    @Override
    public void beginBackward() {
        head.load(logits);
    }

    @Override
    public Supplier<BatchResult> result() {
        BatchResult known = result;
        return () -> known;
    }

    @Override
    public boolean isOnDevice() {
        return false;
    }

    @Override
    public void close() {}
}
