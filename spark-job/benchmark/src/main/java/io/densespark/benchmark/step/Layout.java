package io.densespark.benchmark.step;

/** The order of a feature map's axes in memory. */
public enum Layout {
    /** {@code [N, H, W, C]}. */
    CHANNELS_LAST("channels-last"),
    /** {@code [N, C, H, W]}. */
    NCHW("nchw");

    private final String key;

    Layout(String key) {
        this.key = key;
    }

    /** The name in tables and files. */
    @Override
    public String toString() {
        return key;
    }
}
