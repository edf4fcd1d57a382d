package io.densespark.model.kernels;

import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Vector;
import java.util.function.Supplier;

/**
 * Softmax cross-entropy where the outputs lie, so that the backward pass needn't wait for Java: a batch's labels are {@link
 * #load loaded}, then passes {@link #take} the loss, then Java reads the {@link #sums} while the device goes on.
 */
public interface DeviceLoss extends AutoCloseable {
    /**
     * What a batch's loss was.
     *
     * @param sum of each image's loss times its weight
     * @param correct images whose largest output is the label's
     */
    record Sums(double sum, int correct) {}

    /**
     * Takes what the next losses are of.
     *
     * @param labels at least {@code images}
     * @param weights at least {@code images}; empty where all are 1
     * @param scale of the gradient
     */
    void load(int[] labels, float[] weights, int images, double scale);

    /**
     * A pass: adds the bias to the outputs {@code [N, classes]}, takes their loss, and overwrites them with the gradient of
     * scale times the summed loss.
     */
    void take(Matrix outputs, Vector bias);

    /** A pass: overwrites dBias {@code [classes]} with the sum over the rows of what {@link #take} left. */
    void biasGradient(Matrix dOutputs, Vector dBias);

    /**
     * The loss, as the passes that were started until now leave it. Whoever asks waits for them, not for later ones. Two may
     * be unread at a time, and each is read once.
     */
    Supplier<Sums> sums();

    /** Frees what the loss holds on the device, once nothing is started any more that uses it. */
    @Override
    void close();
}
