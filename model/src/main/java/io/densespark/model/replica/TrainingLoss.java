package io.densespark.model.replica;

import java.util.function.Supplier;

/** Between a training step's forward and its backward pass: the loss, and the gradient of the outputs. Calls come in order. */
interface TrainingLoss extends AutoCloseable {
    /**
     * Takes what the step's images should have been.
     *
     * @param weights of the images; empty where all are 1
     * @param scale of the gradient
     */
    void begin(int[] labels, float[] weights, int images, double scale);

    /** Passes at the end of the forward pass. */
    void endForward();

    /** Passes at the beginning of the backward pass, when the gradients are zero. */
    void beginBackward();

    /** The loss of the images, once the forward pass was started; whoever asks waits for it. */
    Supplier<BatchResult> result();

    /** Whether passes may still run when they were started. */
    boolean isOnDevice();

    @Override
    void close();
}
