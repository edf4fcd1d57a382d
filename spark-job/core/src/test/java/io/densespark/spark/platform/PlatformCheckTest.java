package io.densespark.spark.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlatformCheckTest {

    @TempDir
    private Path folder;

    @Test
    void glibc235IsEnough() {
        assertThatCode(() -> PlatformCheck.requireSupported(linux(Optional.of(35))))
                .doesNotThrowAnyException();
    }

    @Test
    void olderGlibcIsRefusedAndContainersAreTheRemedy() {
        assertThatThrownBy(() -> PlatformCheck.requireSupported(linux(Optional.of(34))))
                .isInstanceOf(PlatformException.class)
                .hasMessage("libtorch needs glibc 2.35 or newer, and this machine has 2.34; run the executors in a"
                        + " container with Debian 12, Ubuntu 22.04 or newer");
    }

    @Test
    void anotherCLibraryIsRefused() {
        assertThatThrownBy(() -> PlatformCheck.requireSupported(linux(Optional.empty())))
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining("another C library");
    }

    @Test
    void anotherArchitectureIsRefused() {
        assertThatThrownBy(() ->
                        PlatformCheck.requireSupported(new Platform("Linux", "aarch64", Optional.of(39), List.of())))
                .isInstanceOf(PlatformException.class)
                .hasMessageStartingWith("libtorch needs Linux on x86-64, and this is Linux on aarch64");
    }

    @Test
    void aLibtorchOnTheLibraryPathIsNamed() throws IOException {
        Path library = Files.createFile(folder.resolve("libc10.so"));

        assertThatThrownBy(() -> PlatformCheck.requireSupported(
                        new Platform("Linux", "amd64", Optional.of(36), List.of(Path.of("/nowhere"), folder))))
                .isInstanceOf(PlatformException.class)
                .hasMessageContaining("(" + library + ")")
                .hasMessageContaining("libtorch-dev");
    }

    @Test
    void theNewestVersionIsTheLargestNumberNotTheLastInTheAlphabet() {
        byte[] libc = "\0GLIBC_2.4\0GLIBC_2.36\0GLIBC_2.9\0GLIBC_PRIVATE\0".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(Platform.newestVersion(libc)).contains(36);
        assertThat(Platform.newestVersion("musl".getBytes(StandardCharsets.ISO_8859_1)))
                .isEmpty();
    }

    @Test
    void thisMachineIsRecognized() {
        Platform here = Platform.current();

        assertThat(here.os()).isEqualTo("Linux");
        assertThat(here.glibc()).hasValueSatisfying(minor -> assertThat(minor).isBetween(17, 99));
    }

    private static Platform linux(Optional<Integer> glibc) {
        return new Platform("Linux", "amd64", glibc, List.of());
    }
}
