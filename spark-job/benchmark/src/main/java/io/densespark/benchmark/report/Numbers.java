package io.densespark.benchmark.report;

import java.util.Locale;

/** Numbers as tables and pages show them. */
public final class Numbers {
    private static final double MEGA = 1e6;

    private Numbers() {}

    /** With so many digits behind the point. */
    public static String fixed(int digits, double value) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    /** With a comma at each thousand. */
    public static String grouped(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** Bytes in MB, 10⁶ bytes. */
    public static String megabytes(long bytes) {
        return fixed(1, bytes / MEGA);
    }
}
