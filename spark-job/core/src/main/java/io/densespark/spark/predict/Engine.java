package io.densespark.spark.predict;

import io.densespark.model.replica.Inference;

/** What computes, on one thread that makes it, uses it and closes it. */
interface Engine extends AutoCloseable {
    /**
     * Runs images through the network.
     *
     * @param pixels {@code [N, H, W, C]}; may be longer
     * @param images N
     */
    Inference infer(byte[] pixels, int images);

    /** Length of an image's pixels, H·W·C. */
    int imageBytes();

    @Override
    void close();

    /** Makes an engine, on the thread that will use it. */
    @FunctionalInterface
    interface Opener {
        Engine open();
    }
}
