package io.densespark.spark.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** This process' resident memory, from Linux's {@code /proc/self/status}. */
public final class ProcessMemory {
    private static final String PEAK = "VmHWM:";
    private static final String RESIDENT = "VmRSS:";
    private static final String FORGET_PEAK = "5";

    private ProcessMemory() {}

    /** Bytes resident now. */
    public static long residentBytes() {
        return read(RESIDENT);
    }

    /** The most bytes that were resident since the process began, or since {@link #forgetPeak}. */
    public static long peakBytes() {
        return read(PEAK);
    }

    /** Lets the peak begin anew at what is resident now, where the kernel allows it. */
    public static void forgetPeak() {
        try {
            Files.writeString(Path.of("/proc/self/clear_refs"), FORGET_PEAK);
        } catch (IOException e) {
            // A locked-down container: the peak then includes what came before, an upper bound.
        }
    }

    private static long read(String field) {
        try {
            List<String> lines = Files.readAllLines(Path.of("/proc/self/status"));
            for (String line : lines) {
                if (line.startsWith(field)) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException("/proc/self/status has no " + field);
    }
}
