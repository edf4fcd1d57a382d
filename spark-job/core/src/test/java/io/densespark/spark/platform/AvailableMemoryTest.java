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

        assertThat(AvailableMemory.now(root)).isEqualTo(new AvailableMemory(400 * 1024, Long.MAX_VALUE));
    }

    @Test
    void aContainersLimitIsKnownBesideTheMachine() throws IOException {
        write("proc/meminfo", "MemAvailable:     400 kB\n");
        write("proc/self/cgroup", "0::/\n");
        write("sys/fs/cgroup/memory.max", "300000\n");
        write("sys/fs/cgroup/memory.current", "100000\n");

        assertThat(AvailableMemory.now(root)).isEqualTo(new AvailableMemory(400 * 1024, 200_000));
    }

    @Test
    void filePagesThatTheKernelWouldDropAreAvailable() throws IOException {
        write("proc/self/cgroup", "0::/\n");
        write("sys/fs/cgroup/memory.max", "300000\n");
        write("sys/fs/cgroup/memory.current", "100000\n");
        write("sys/fs/cgroup/memory.stat", "anon 30000\ninactive_anon 7\nactive_file 20000\ninactive_file 50000\n");

        assertThat(AvailableMemory.now(root).container()).isEqualTo(250_000);
    }

    @Test
    void theTightestOfTheGroupsAroundAProcessCounts() throws IOException {
        write("proc/self/cgroup", "0::/yarn/container_1\n");
        write("sys/fs/cgroup/memory.max", "max\n");
        write("sys/fs/cgroup/memory.current", "900000\n");
        write("sys/fs/cgroup/yarn/memory.max", "500000\n");
        write("sys/fs/cgroup/yarn/memory.current", "480000\n");
        write("sys/fs/cgroup/yarn/container_1/memory.max", "300000\n");
        write("sys/fs/cgroup/yarn/container_1/memory.current", "100000\n");

        assertThat(AvailableMemory.now(root).container()).isEqualTo(20_000);
    }

    @Test
    void controlGroupsOfVersionOneAreReadAsWell() throws IOException {
        write("proc/self/cgroup", "4:cpu,memory:/docker/abc\n3:cpuset:/\n0::/\n");
        write("sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes", "300000\n");
        write("sys/fs/cgroup/memory/docker/abc/memory.usage_in_bytes", "100000\n");
        write("sys/fs/cgroup/memory/docker/abc/memory.stat", "inactive_file 1\ntotal_inactive_file 50000\n");

        assertThat(AvailableMemory.now(root).container()).isEqualTo(250_000);
    }

    @Test
    void aContainerWithoutALimitDoesNotCount() throws IOException {
        write("proc/self/cgroup", "0::/\n");
        write("sys/fs/cgroup/memory.max", "max\n");
        write("sys/fs/cgroup/memory.current", "100000\n");

        assertThat(AvailableMemory.now(root).container()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whereTheKernelSaysNothingThereIsNoLimit() {
        assertThat(AvailableMemory.now(root)).isEqualTo(new AvailableMemory(Long.MAX_VALUE, Long.MAX_VALUE));
    }
}
