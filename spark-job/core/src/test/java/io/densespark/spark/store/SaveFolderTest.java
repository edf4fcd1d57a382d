package io.densespark.spark.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.spark.JobException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SaveFolderTest {
    private static final Configuration CONF = new Configuration();

    @TempDir
    private Path folder;

    private static void require(Path save) {
        SaveFolder.requireWritable(new org.apache.hadoop.fs.Path(save.toUri()), CONF);
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
}
