package io.densespark.spark.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AvailableMemoryTest {
    @TempDir
    private Path root;

    private void write(String file, String text) throws IOException {
        Files.createDirectories(root.resolve(file).getParent());
        Files.writeString(root.resolve(file), text);
    }

    @Test
    void withoutAContainerItIsTheMachines() throws IOException {
        write("proc/meminfo", "MemTotal:  900 kB\nMemFree:  100 kB\nMemAvailable:     400 kB\n");

        assertThat(AvailableMemory.bytes(root)).isEqualTo(400 * 1024);
    }

    @Test
    void aContainersLimitCounts() throws IOException {
        write("proc/meminfo", "MemAvailable:     400 kB\n");
        write("sys/fs/cgroup/memory.max", "300000\n");
        write("sys/fs/cgroup/memory.current", "100000\n");

        assertThat(AvailableMemory.bytes(root)).isEqualTo(200_000);
    }

    @Test
    void aContainerWithoutALimitDoesNotCount() throws IOException {
        write("proc/meminfo", "MemAvailable:     400 kB\n");
        write("sys/fs/cgroup/memory.max", "max\n");
        write("sys/fs/cgroup/memory.current", "100000\n");

        assertThat(AvailableMemory.bytes(root)).isEqualTo(400 * 1024);
    }

    @Test
    void whereTheKernelSaysNothingThereIsNoLimit() {
        assertThat(AvailableMemory.bytes(root)).isEqualTo(Long.MAX_VALUE);
    }
}
