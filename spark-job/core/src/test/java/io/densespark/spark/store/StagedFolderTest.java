package io.densespark.spark.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.data.files.Leftovers;
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

/** What is at the output's place before, after and instead of a commit. */
class StagedFolderTest {
    @TempDir
    private Path folder;

    private org.apache.hadoop.fs.Path output() {
        return new org.apache.hadoop.fs.Path("failing:" + folder.resolve("out"));
    }

    private void write(Configuration conf, String content, boolean overwrite) throws IOException {
        try (StagedFolder staged = StagedFolder.begin(output(), overwrite, conf)) {
            org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path(staged.staging(), "model.json");
            try (OutputStream out = file.getFileSystem(conf).create(file, false)) {
                out.write(content.getBytes(StandardCharsets.UTF_8));
            }
            staged.commit();
        }
    }

    private void writeOld() throws IOException {
        write(FailingFileSystem.refusingRenames(), "old", false);
    }

    private String content(Path output) throws IOException {
        return Files.readString(output.resolve("model.json"));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void theNewTakesThePlaceOfTheOldAndNothingElseStays() throws IOException {
        writeOld();

        write(FailingFileSystem.refusingRenames(), "new", true);

        assertThat(content(folder.resolve("out"))).isEqualTo("new");
        assertThat(names()).containsExactly("out");
    }

    @Test
    void aPlaceThatCannotBeTakenStaysEmpty() throws IOException {
        assertThatThrownBy(() -> write(FailingFileSystem.refusingRenames(1), "new", false))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("out can't be made");

        assertThat(names()).isEmpty();
    }

    @Test
    void theOldStaysIfItCannotBeMovedAside() throws IOException {
        writeOld();

        assertThatThrownBy(() -> write(FailingFileSystem.refusingRenames(1), "new", true))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("out can't be replaced");

        assertThat(content(folder.resolve("out"))).isEqualTo("old");
        assertThat(names()).containsExactly("out");
    }

    @Test
    void theOldComesBackIfTheNewCannotTakeItsPlace() throws IOException {
        writeOld();

        assertThatThrownBy(() -> write(FailingFileSystem.refusingRenames(2), "new", true))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("out can't be made");

        assertThat(content(folder.resolve("out"))).isEqualTo("old");
        assertThat(names()).containsExactly("out");
    }

    @Test
    void anOldThatCannotComeBackIsKeptWhereTheErrorSays() throws IOException {
        writeOld();

        assertThatThrownBy(() -> write(FailingFileSystem.refusingRenames(2, 3), "new", true))
                .isInstanceOf(JobException.class)
                .hasMessageMatching(".*what it was is now .*/\\.[\\w-]+\\.replaced: rename it yourself");

        assertThat(names()).hasSize(1).allMatch(name -> name.endsWith(".replaced"));
        assertThat(content(folder.resolve(names().get(0)))).isEqualTo("old");
    }

    @Test
    void aFolderWithOtherFilesIsNeverReplaced() throws IOException {
        Path other = Files.createDirectories(folder.resolve("out/photographs"));
        Files.writeString(other.resolve("first"), "precious");

        assertThatThrownBy(() -> write(FailingFileSystem.refusingRenames(), "new", true))
                .isInstanceOf(JobException.class)
                .hasMessageContainingAll("out has files and is no model folder", "model.json");

        assertThat(other.resolve("first")).hasContent("precious");
        assertThat(names()).containsExactly("out");
    }

    @Test
    void anEmptyFolderMayBeReplaced() throws IOException {
        Files.createDirectories(folder.resolve("out"));

        write(FailingFileSystem.refusingRenames(), "new", true);

        assertThat(content(folder.resolve("out"))).isEqualTo("new");
    }

    /** The process is killed between the two renames, or before what it has replaced is deleted. */
    @Test
    void whatAKilledCommandHasMovedAsideComesBackUnlessItIsReplaced() throws IOException {
        writeOld();
        Path aside = folder.resolve(Leftovers.replaced(output()).getName());
        Files.move(folder.resolve("out"), aside);

        StagedFolder.begin(output(), true, FailingFileSystem.refusingRenames()).close();
        assertThat(content(folder.resolve("out"))).isEqualTo("old");
        assertThat(names()).containsExactly("out");

        Files.createDirectories(aside);
        StagedFolder.begin(output(), true, FailingFileSystem.refusingRenames()).close();
        assertThat(names()).containsExactly("out");
    }

    @Test
    void whatAKilledCommandWasWritingIsRemoved() throws IOException {
        Files.createDirectories(folder.resolve(Leftovers.writing(output()).getName()));

        StagedFolder.begin(output(), false, FailingFileSystem.refusingRenames()).close();

        assertThat(names()).isEmpty();
    }
}
