package io.densespark.spark.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.spark.JobException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SaveFolderTest {
    private static final Configuration CONF = new Configuration();

    @TempDir
    private Path folder;

    private static void require(Path save) {
        SaveFolder.require(
                new org.apache.hadoop.fs.Path(save.toUri()), List.of("checkpoints"), List.of("results.csv"), CONF);
    }

    @Test
    void aFolderThatIsThereAndOneThatIsToBeMadeLeaveNothing() throws IOException {
        require(folder);
        require(folder.resolve("runs/mnist"));

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFileInItsPlaceOrAboveItIsNamed() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> require(file))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("setting save file:" + file + " can't be written")
                .hasMessageContaining("is a file")
                .hasMessageContaining("--save");
        assertThatThrownBy(() -> require(file.resolve("below")))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("can't be written");
    }

    @Test
    void aFileSystemThatTakesNoFilesIsNamed() {
        assertThatThrownBy(() -> require(Path.of("/proc/run")))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("setting save file:/proc/run can't be written");
    }

    @Test
    void aFileSystemsRootIsRefused() {
        assertThatThrownBy(() -> require(Path.of("/")))
                .isInstanceOf(JobException.class)
                .hasMessage("setting save file:/ is a file system's root: give a name below it");
    }

    @Test
    void whatIsInThePlaceOfARunsFilesAndFoldersIsNamed() throws IOException {
        Files.createDirectory(folder.resolve("checkpoints"));
        Files.createFile(folder.resolve("results.csv"));
        require(folder);
        Path other = Files.createDirectory(folder.resolve("other"));

        Files.createFile(other.resolve("checkpoints"));
        assertThatThrownBy(() -> require(other))
                .isInstanceOf(JobException.class)
                .hasMessage("file:" + other + "/checkpoints is a file, and a run makes a folder of that name: move it "
                        + "away, or give another --save");
        Files.delete(other.resolve("checkpoints"));
        Files.createDirectory(other.resolve("results.csv"));
        assertThatThrownBy(() -> require(other))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("results.csv is a folder, and a run makes a file of that name");
    }
}
