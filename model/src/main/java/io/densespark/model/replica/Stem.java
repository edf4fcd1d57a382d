package io.densespark.model.replica;

/** What lies between the images and the first block. */
interface Stem {
    /**
     * Takes a batch into the replica's memory.
     *
     * @param pixels {@code [N, H, W, C]}
     */
    void load(Pixels pixels);

    /** Takes the batch that was loaded to the first block. */
    void forward();

    /** Takes the gradient of the first block's entrance to the stem's parameters. */
    void backward();
}
