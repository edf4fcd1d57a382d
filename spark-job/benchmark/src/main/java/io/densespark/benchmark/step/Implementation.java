package io.densespark.benchmark.step;

/** Who takes the step. */
public enum Implementation {
    DENSESPARK("densespark"),
    /** The textbook version by libtorch's autograd. */
    NAIVE("naive"),
    PYTORCH("pytorch"),
    /** By {@code torch.compile}. */
    PYTORCH_COMPILE("pytorch-compile"),
    /** It makes intermediates again in the backward pass. */
    PYTORCH_CHECKPOINT("pytorch-checkpoint");

    private final String key;

    Implementation(String key) {
        this.key = key;
    }

    /** True if a Python process runs it. */
    public boolean isPython() {
        return this == PYTORCH || this == PYTORCH_COMPILE || this == PYTORCH_CHECKPOINT;
    }

    /** The name in tables and files. */
    @Override
    public String toString() {
        return key;
    }
}
