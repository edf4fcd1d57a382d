package io.densespark.spark.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** How much memory this process may still take, by the kernel's account: of the machine, and of its container. */
public final class AvailableMemory {
    private static final String FIELD = "MemAvailable:";

    private AvailableMemory() {}

    /** Bytes; the largest possible number where the kernel gives no account. */
    public static long bytes() {
        return bytes(Path.of("/"));
    }

    /** @param root of the file system: {@code /}, or a test's folder */
    static long bytes(Path root) {
        long machine = machine(root.resolve("proc/meminfo"));
        Path group = root.resolve("sys/fs/cgroup");
        OptionalLong limit = number(group.resolve("memory.max"));
        OptionalLong used = number(group.resolve("memory.current"));
        if (limit.isPresent() && used.isPresent()) {
            return Math.min(machine, Math.max(0, limit.getAsLong() - used.getAsLong()));
        }
        return machine;
    }

    private static long machine(Path meminfo) {
        try {
            return Files.readAllLines(meminfo).stream()
                    .filter(line -> line.startsWith(FIELD))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }

    /** A file's only number; none if the file is absent or says "max". */
    private static OptionalLong number(Path file) {
        try {
            return OptionalLong.of(Long.parseLong(Files.readString(file).trim()));
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
