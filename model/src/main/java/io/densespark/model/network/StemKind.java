package io.densespark.model.network;

/** What lies between the images and the first dense block. */
public enum StemKind {
    /** A 3x3 convolution with stride 1: for images of about 32x32 (arXiv 1608.06993, section 4.2). */
    SMALL(3, 1),
    /**
     * A 7x7 convolution with stride 2, norm, ReLU and 3x3 max-pooling with stride 2: for images of about 224x224 (arXiv
     * 1608.06993, table 1).
     */
    IMAGENET(7, 2);

    private final int kernel;
    private final int stride;

    StemKind(int kernel, int stride) {
        this.kernel = kernel;
        this.stride = stride;
    }

    /** Side of the convolution's kernel; the padding is {@code kernel / 2}. */
    public int kernel() {
        return kernel;
    }

    /** Pixels between two applications of the kernel. */
    public int stride() {
        return stride;
    }

    /** True if norm, ReLU and max-pooling follow the convolution. */
    public boolean pools() {
        return this == IMAGENET;
    }

    /** The kind as users write it: in lower case. */
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
