package io.densespark.spark.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How much memory this process may still take, by the kernel's account.
 *
 * @param machine bytes, of all processes together; the largest possible number where the kernel gives no account
 * @param container bytes, of this process' control group; the largest possible number if it has no limit
 */
public record AvailableMemory(long machine, long container) {
    private static final String MEMINFO_FIELD = "MemAvailable:";

    /** What there is now. */
    public static AvailableMemory now() {
        return now(Path.of("/"));
    }

    /** @param root of the file system: {@code /}, or a test's folder */
    static AvailableMemory now(Path root) {
        return new AvailableMemory(machine(root.resolve("proc/meminfo")), ControlGroup.availableBytes(root));
    }

    private static long machine(Path meminfo) {
        try {
            return Files.readAllLines(meminfo).stream()
                    .filter(line -> line.startsWith(MEMINFO_FIELD))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }
}
