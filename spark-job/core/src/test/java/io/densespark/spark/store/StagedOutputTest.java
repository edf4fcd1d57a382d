package io.densespark.spark.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.data.fixture.FailingFileSystem;
import io.densespark.spark.JobException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is at the output's place before, after and instead of a commit; kind is the file or the folder that is written. */
class StagedOutputTest {
    @TempDir
    private Path folder;

    private org.apache.hadoop.fs.Path output() {
        return new org.apache.hadoop.fs.Path("failing:" + folder.resolve("out"));
    }

    private void write(Configuration conf, boolean isFolder, String content, boolean overwrite) throws IOException {
        try (StagedOutput staged = StagedOutput.begin(output(), isFolder, overwrite, conf)) {
            org.apache.hadoop.fs.Path file =
                    isFolder ? new org.apache.hadoop.fs.Path(staged.staging(), "model.json") : staged.staging();
            try (OutputStream out = file.getFileSystem(conf).create(file, false)) {
                out.write(content.getBytes(StandardCharsets.UTF_8));
            }
            staged.commit();
        }
    }

    private void writeOld(boolean isFolder) throws IOException {
        write(FailingFileSystem.refusingRenames(), isFolder, "old", false);
    }

    private String content(Path output, boolean isFolder) throws IOException {
        return Files.readString(isFolder ? output.resolve("model.json") : output);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theNewTakesThePlaceOfTheOldAndNothingElseStays(boolean isFolder) throws IOException {
        writeOld(isFolder);

        write(FailingFileSystem.refusingRenames(), isFolder, "new", true);

        assertThat(content(folder.resolve("out"), isFolder)).isEqualTo("new");
        assertThat(names()).containsExactly("out");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPlaceThatCannotBeTakenStaysEmpty(boolean isFolder) throws IOException {
        assertThatThrownBy(() -> write(FailingFileSystem.refusingRenames(1), isFolder, "new", false))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("out can't be made");

        assertThat(names()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theOldStaysIfItCannotBeMovedAside(boolean isFolder) throws IOException {
        writeOld(isFolder);

        assertThatThrownBy(() -> write(FailingFileSystem.refusingRenames(1), isFolder, "new", true))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("out can't be replaced");

        assertThat(content(folder.resolve("out"), isFolder)).isEqualTo("old");
        assertThat(names()).containsExactly("out");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theOldComesBackIfTheNewCannotTakeItsPlace(boolean isFolder) throws IOException {
        writeOld(isFolder);

        assertThatThrownBy(() -> write(FailingFileSystem.refusingRenames(2), isFolder, "new", true))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("out can't be made");

        assertThat(content(folder.resolve("out"), isFolder)).isEqualTo("old");
        assertThat(names()).containsExactly("out");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anOldThatCannotComeBackIsKeptWhereTheErrorSays(boolean isFolder) throws IOException {
        writeOld(isFolder);

        assertThatThrownBy(() -> write(FailingFileSystem.refusingRenames(2, 3), isFolder, "new", true))
                .isInstanceOf(JobException.class)
                .hasMessageMatching(".*what it was is now .*/\\.out\\.\\w+\\.replaced: rename it yourself");

        assertThat(names()).hasSize(1).allMatch(name -> name.endsWith(".replaced"));
        assertThat(content(folder.resolve(names().get(0)), isFolder)).isEqualTo("old");
    }

    @Test
    void aFolderWithOtherFilesIsNeverReplaced() throws IOException {
        Path other = Files.createDirectories(folder.resolve("out/photographs"));
        Files.writeString(other.resolve("first"), "precious");

        assertThatThrownBy(() -> write(FailingFileSystem.refusingRenames(), true, "new", true))
                .isInstanceOf(JobException.class)
                .hasMessageContainingAll("out has files and is no model folder", "model.json");

        assertThat(other.resolve("first")).hasContent("precious");
        assertThat(names()).containsExactly("out");
    }

    @Test
    void anEmptyFolderMayBeReplaced() throws IOException {
        Files.createDirectories(folder.resolve("out"));

        write(FailingFileSystem.refusingRenames(), true, "new", true);

        assertThat(content(folder.resolve("out"), true)).isEqualTo("new");
    }
}
