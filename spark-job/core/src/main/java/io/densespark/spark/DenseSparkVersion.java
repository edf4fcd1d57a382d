package io.densespark.spark;

/** The version of this build. */
public final class DenseSparkVersion {
    public static final String CURRENT = "0.1.0";

    private DenseSparkVersion() {}
}
