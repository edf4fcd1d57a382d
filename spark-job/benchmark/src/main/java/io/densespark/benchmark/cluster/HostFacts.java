package io.densespark.benchmark.cluster;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A machine, for the report's reader.
 *
 * @param name by which Spark knows it
 * @param cpu the processor's model
 * @param cores that the JVM may use
 * @param memoryBytes of the whole machine
 * @param system the operating system
 * @param java the Java version
 */
record HostFacts(String name, String cpu, int cores, long memoryBytes, String system, String java)
        implements Serializable {
    private static final String UNKNOWN = "unknown";

    /** The machine that this runs on. */
    static HostFacts here(String name) {
        String memory = field("/proc/meminfo", "MemTotal").replaceAll("[^0-9]", "");
        return new HostFacts(
                name,
                field("/proc/cpuinfo", "model name"),
                Runtime.getRuntime().availableProcessors(),
                memory.isEmpty() ? 0 : Long.parseLong(memory) * 1024,
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                Runtime.version() + " (" + System.getProperty("java.vm.name") + ")");
    }

    /** The first line's value in one of the kernel's files of {@code key : value}. */
    private static String field(String file, String key) {
        try {
            return Files.readAllLines(Path.of(file)).stream()
                    .filter(line -> line.startsWith(key))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(UNKNOWN);
        } catch (IOException e) {
            return UNKNOWN;
        }
    }
}
