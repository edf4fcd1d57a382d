package io.densespark.model.replica;

/** What lies between the images and the first block. */
interface Stem {
    /**
     * Takes a batch to the first block.
     *
     * @param pixels {@code [N, H, W, C]}, normalized
     */
    void forward(float[] pixels);

    /** Takes the gradient of the first block's entrance to the stem's parameters. */
    void backward();
}
