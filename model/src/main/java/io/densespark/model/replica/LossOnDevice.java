package io.densespark.model.replica;

import io.densespark.model.kernels.DeviceLoss;
import java.util.function.Supplier;

/** The loss where the outputs lie; Java reads it while the device goes on. */
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
    public void beginBackward() {
        head.biasGradient(loss);
    }

    @Override
    public Supplier<BatchResult> result() {
        int count = images;
        Supplier<DeviceLoss.Sums> sums = loss.sums();
        return () -> {
            DeviceLoss.Sums found = sums.get();
            return new BatchResult(count, found.sum(), found.correct());
        };
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
