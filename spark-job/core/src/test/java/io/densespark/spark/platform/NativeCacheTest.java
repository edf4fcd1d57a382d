package io.densespark.spark.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeCacheTest {

    private static final String PROPERTY = "org.bytedeco.javacpp.cachedir";

    @TempDir
    private Path local;

    private String before;

    @BeforeEach
    void clear() {
        before = System.clearProperty(PROPERTY);
    }

    @AfterEach
    void restore() {
        System.clearProperty(PROPERTY);
        if (before != null) {
            System.setProperty(PROPERTY, before);
        }
    }

    @Test
    void theFolderIsAmongSparksLocalFilesAndJavacppIsTold() {
        Path folder = NativeCache.prepare(() -> local, 500_000_000, any -> 500_000_000);

        assertThat(folder).isEqualTo(local.resolve("densespark-native")).isEmptyDirectory();
        assertThat(System.getProperty(PROPERTY)).isEqualTo(folder.toString());
    }

    @Test
    void laterTasksOfTheSameJvmGetTheSameFolder() {
        Path first = NativeCache.prepare(() -> local, 500_000_000, any -> 500_000_000);
        Path second = NativeCache.prepare(() -> local.resolve("other"), 500_000_000, any -> 0);

        assertThat(second).isEqualTo(first);
    }

    @Test
    void theUsersOwnFolderIsLeftAlone() {
        System.setProperty(PROPERTY, "/data/natives");

        assertThat(NativeCache.prepare(() -> local, 500_000_000, any -> 0)).isEqualTo(Path.of("/data/natives"));
        assertThat(System.getProperty(PROPERTY)).isEqualTo("/data/natives");
    }

    @Test
    void tooLittleSpaceIsSaidInMegabytes() {
        assertThatThrownBy(() -> NativeCache.prepare(() -> local, 500_000_000, any -> 499_999_999))
                .isInstanceOf(PlatformException.class)
                .hasMessageStartingWith("libtorch unpacks 500 MB into " + local.resolve("densespark-native")
                        + ", whose disk has 499 MB left; give Spark other local directories");
        assertThat(System.getProperty(PROPERTY)).isNull();
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed() throws IOException {
        Path file = Files.createFile(local.resolve("a-file"));

        assertThatThrownBy(() -> NativeCache.prepare(() -> file, 500_000_000, any -> 500_000_000))
                .isInstanceOf(PlatformException.class)
                .hasMessageStartingWith("cannot write to " + file.resolve("densespark-native"))
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void withoutSparkThereIsNoFolder() {
        assertThatThrownBy(NativeCache::prepare).isInstanceOf(IllegalStateException.class);
    }
}
