package io.densespark.spark.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The disks of this machine.
 *
 * @param lines as {@code /proc/self/mounts} has them: device, place, kind and options, with a space between each
 */
record Mounts(List<String> lines) {
    private static final Path PROC = Path.of("/proc/self/mounts");

    Mounts {
        lines = List.copyOf(lines);
    }

    static Mounts current() throws IOException {
        return new Mounts(Files.isReadable(PROC) ? Files.readAllLines(PROC) : List.of());
    }

    /** Whether the disk of a folder that exists is one from which no library can be loaded. */
    boolean forbidExecution(Path folder) throws IOException {
        Path real = folder.toRealPath();
        // The last of those that lie over each other at a place is the one that is seen.
        return lines.stream()
                .map(line -> line.split(" ", -1))
                .filter(fields -> fields.length > 3 && real.startsWith(place(fields)))
                .reduce((found, next) ->
                        place(next).getNameCount() >= place(found).getNameCount() ? next : found)
                .filter(fields -> Arrays.asList(fields[3].split(",", -1)).contains("noexec"))
                .isPresent();
    }

    private static Path place(String[] fields) {
        return Path.of(fields[1].replace("\\040", " "));
    }
}
