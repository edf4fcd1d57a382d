package io.densespark.spark.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountsTest {
    @TempDir
    private Path folder;

    @Test
    void theNearestDiskAboveAFolderDecides() throws IOException {
        Path root = folder.toRealPath();
        Path libraries = Files.createDirectories(root.resolve("my disk/tmp/libraries"));
        String whole = "/dev/vda / ext4 rw,noexec,relatime 0 0";
        String disk = "tmpfs " + root.resolve("my\\040disk") + " tmpfs rw 0 0";
        String nearest = "tmpfs " + root.resolve("my\\040disk/tmp") + " tmpfs rw,nosuid,noexec 0 0";
        String over = "tmpfs " + root.resolve("my\\040disk/tmp") + " tmpfs rw,noexecutable 0 0";

        assertThat(new Mounts(List.of(whole)).forbidExecution(libraries)).isTrue();
        assertThat(new Mounts(List.of(whole, disk)).forbidExecution(libraries)).isFalse();
        assertThat(new Mounts(List.of(nearest, disk, whole)).forbidExecution(libraries))
                .isTrue();
        assertThat(new Mounts(List.of(nearest, over)).forbidExecution(libraries))
                .isFalse();
        assertThat(new Mounts(List.of()).forbidExecution(libraries)).isFalse();
    }

    @Test
    void thisMachineHasDisks() throws IOException {
        assertThat(Mounts.current().lines()).isNotEmpty();
    }
}
