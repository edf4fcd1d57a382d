package io.densespark.model.replica;

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

    /** Once the forward pass was started. */
    void forwardStarted();

    /** Before the backward pass, when the gradients are zero. */
    void beforeBackward();

    /** Passes at the beginning of the backward pass. */
    void beginBackward();

    /** The loss of the images, once the backward pass was started. */
    BatchResult result();

    /** Whether the forward pass may still run when it was started, so that {@link #result} waits for its end. */
    boolean isOnDevice();

    @Override
    void close();
}
