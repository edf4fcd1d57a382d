package io.densespark.spark.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Memory of the control groups around this process (Linux, "Control Group v2", section "Memory", and "Memory Resource
 * Controller" for version 1). A group's limit holds for all groups in it, so the tightest of a process' group and those
 * around it counts. File pages that nobody has touched lately count as used, but the kernel drops them before it lets an
 * allocation fail: they are available.
 */
final class ControlGroup {
    private static final Path V2 = Path.of("sys/fs/cgroup");
    private static final Path V1 = Path.of("sys/fs/cgroup/memory");
    private static final String V1_CONTROLLER = "memory";

    private ControlGroup() {}

    /** What a version of control groups calls its files, and the field of {@code memory.stat}. */
    private record Names(String limit, String used, String droppable) {}

    private static final Names V2_FILES = new Names("memory.max", "memory.current", "inactive_file");
    private static final Names V1_FILES =
            new Names("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file");

    /** Bytes that this process may still take; the largest possible number without a limit. */
    static long availableBytes(Path root) {
        long available = Long.MAX_VALUE;
        for (String line : lines(root.resolve("proc/self/cgroup"))) {
            // hierarchy:controllers:path, where version 2 is hierarchy 0 without controllers
            String[] parts = line.split(":", 3);
            if (parts.length == 3 && parts[1].isEmpty()) {
                available = Math.min(available, tightest(root.resolve(V2), parts[2], V2_FILES));
            } else if (parts.length == 3 && List.of(parts[1].split(",", -1)).contains(V1_CONTROLLER)) {
                available = Math.min(available, tightest(root.resolve(V1), parts[2], V1_FILES));
            }
        }
        return available;
    }

    private static long tightest(Path mount, String group, Names files) {
        // In a container the path may be the host's, which isn't to be seen there: the mount is the container's own.
        long available = available(mount, files);
        Path folder = mount;
        for (Path name : Path.of(group)) {
            folder = folder.resolve(name);
            available = Math.min(available, available(folder, files));
        }
        return available;
    }

    private static long available(Path folder, Names files) {
        OptionalLong limit = number(folder.resolve(files.limit()));
        OptionalLong used = number(folder.resolve(files.used()));
        if (limit.isEmpty() || used.isEmpty()) {
            return Long.MAX_VALUE;
        }
        return Math.max(0, limit.getAsLong() - used.getAsLong() + droppable(folder, files.droppable()));
    }

    private static long droppable(Path folder, String field) {
        return lines(folder.resolve("memory.stat")).stream()
                .filter(line -> line.startsWith(field + " "))
                .mapToLong(line ->
                        Long.parseLong(line.substring(field.length() + 1).trim()))
                .findFirst()
                .orElse(0);
    }

    /** A file's only number; none if the file is absent or says "max". */
    private static OptionalLong number(Path file) {
        Optional<String> line = lines(file).stream().findFirst();
        try {
            return line.isEmpty()
                    ? OptionalLong.empty()
                    : OptionalLong.of(Long.parseLong(line.get().trim()));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }
}
