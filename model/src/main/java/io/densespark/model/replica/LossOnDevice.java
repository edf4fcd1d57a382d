package io.densespark.model.replica;

import io.densespark.model.kernels.DeviceLoss;

/** The loss where the outputs lie; Java reads it while the backward pass runs. */
final class LossOnDevice implements TrainingLoss {
    private final Head head;
    private final DeviceLoss loss;
    private int images;

    LossOnDevice(Head head, DeviceLoss loss) {
        this.head = head;
        this.loss = loss;
    }

    @Override
    public void begin(int[] labels, float[] weights, int count, double scale) {
        images = count;
        loss.load(labels, weights, count, scale);
    }

    @Override
    public void endForward() {
        head.takeLoss(loss);
    }

    @Override
    public void forwardStarted() {
        loss.taken();
    }

    @Override
    public void beforeBackward() {}

    @Override
    public void beginBackward() {
        head.biasGradient(loss);
    }

    @Override
    public BatchResult result() {
        DeviceLoss.Sums sums = loss.read();
        return new BatchResult(images, sums.sum(), sums.correct());
    }

    @Override
    public boolean isOnDevice() {
        return true;
    }

    @Override
    public void close() {
        loss.close();
    }
}
