package io.densespark.data.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.data.files.StagedFile.Content;
import io.densespark.data.files.StagedFile.Written;
import io.densespark.data.fixture.DyingFileSystem;
import io.densespark.data.fixture.DyingFileSystem.Moment;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StagedFileTest {
    private static final Configuration CONF = new Configuration();

    @TempDir
    private Path folder;

    private org.apache.hadoop.fs.Path target(String scheme) {
        return new org.apache.hadoop.fs.Path(scheme + ":" + folder.resolve("file"));
    }

    private static Content text(String text) {
        return Content.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static Configuration of(Class<? extends FileSystem> type) {
        Configuration conf = new Configuration();
        conf.setClass("fs.odd.impl", type, FileSystem.class);
        conf.setBoolean("fs.odd.impl.disable.cache", true);
        return conf;
    }

    @Test
    void aFileIsThereWithItsLengthAndDigestAndNoOtherBesideIt() throws IOException {
        Written written = StagedFile.write(target("file"), CONF, text("abc"));

        assertThat(written)
                .isEqualTo(new Written(3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        assertThat(folder.resolve("file")).hasContent("abc");
        assertThat(names()).containsExactly("file");
    }

    @Test
    void aFileInAPlaceThatIsTakenMeanwhileIsNotWritten() throws IOException {
        Files.writeString(folder.resolve("file"), "old");

        assertThatThrownBy(() -> StagedFile.writeNew(target("file"), CONF, text("new")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("file has appeared meanwhile");
        assertThat(folder.resolve("file")).hasContent("old");
        assertThat(names()).containsExactly("file");
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void aWriterThatIsKilledLeavesTheOldFileOrTheNewOneAndWhatTheNextRunRemoves(Moment moment) throws IOException {
        Files.writeString(folder.resolve("file"), "old");

        assertThatThrownBy(() -> StagedFile.write(
                        target("dying"), DyingFileSystem.dyingAt(moment, 1), text("a new file of more than 20 bytes")))
                .hasMessageContaining("dead");

        boolean isNew = moment == Moment.AFTER_RENAME;
        assertThat(folder.resolve("file")).hasContent(isNew ? "a new file of more than 20 bytes" : "old");
        assertThat(names()).hasSize(isNew || moment == Moment.BEFORE_CREATE ? 1 : 2);
        Leftovers.removeAllIn(new org.apache.hadoop.fs.Path(folder.toUri()), CONF);
        assertThat(names()).containsExactly("file");
    }

    @Test
    void aWriterThatFailsLeavesTheOldFileAlone() throws IOException {
        Files.writeString(folder.resolve("file"), "old");

        assertThatThrownBy(() -> StagedFile.write(target("file"), CONF, out -> {
                    out.write(1);
                    throw new IOException("no more");
                }))
                .hasMessage("no more");

        assertThat(folder.resolve("file")).hasContent("old");
        assertThat(names()).containsExactly("file");
    }

    @Test
    void leftoversOfOneFileAreRemovedWithoutThoseOfOthers() throws IOException {
        org.apache.hadoop.fs.Path mine = Leftovers.writing(target("file"));
        org.apache.hadoop.fs.Path others =
                Leftovers.writing(new org.apache.hadoop.fs.Path(target("file").getParent(), "other"));
        Files.writeString(folder.resolve(mine.getName()), "half");
        Files.writeString(folder.resolve(others.getName()), "half");

        Leftovers.removeOf(target("file"), PlainFiles.of(target("file"), CONF).system());

        assertThat(names()).containsExactly(others.getName());
    }

    /** TensorBoard reads whatever has "tfevents" in its name. */
    @Test
    void aNameThatIsBeingWrittenIsHiddenAndHasNothingOfTheFilesName() {
        org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path("/runs/events.out.tfevents.epoch-0001");

        assertThat(Leftovers.writing(file).getParent()).isEqualTo(file.getParent());
        assertThat(Leftovers.writing(file).getName()).matches("\\.[0-9a-f]{8}-[0-9a-f]{8}\\.writing");
        assertThat(Leftovers.writing(file)).isNotEqualTo(Leftovers.writing(file));
    }

    /** Releases before wrote them. */
    @Test
    void aChecksumFileOfTheOldFileGoesWithIt() throws IOException {
        org.apache.hadoop.fs.Path target = target("file");
        LocalFileSystem checked = FileSystem.getLocal(CONF);
        try (OutputStream out = checked.create(target, true)) {
            out.write(1);
        }
        assertThat(names()).containsExactly(".file.crc", "file");

        StagedFile.write(target, CONF, text("new"));

        assertThat(names()).containsExactly("file");
        try (var in = checked.open(target)) {
            assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("new");
        }
    }

    @Test
    void aFileSystemThatLosesBytesIsFoundOut() throws IOException {
        assertThatThrownBy(() -> StagedFile.write(target("odd"), of(Losing.class), text("abc")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has 0 bytes where 3 were written");
        assertThat(names()).isEmpty();
    }

    @Test
    void aFileSystemThatDeletesTheOldFileAndThenFailsKeepsTheNewOneWhereTheErrorSays() throws IOException {
        Files.writeString(folder.resolve("file"), "old");

        assertThatThrownBy(() -> StagedFile.write(target("odd"), of(DeletingFirst.class), text("new")))
                .isInstanceOf(IOException.class)
                .hasMessageMatching(".*old .*file is gone.*can't be renamed from .*\\.writing: rename it yourself");

        assertThat(names()).hasSize(1);
        assertThat(folder.resolve(names().get(0))).hasContent("new");
    }

    /** The local disk as {@code odd:/...}. */
    private static class Odd extends RawLocalFileSystem {
        @Override
        public URI getUri() {
            return URI.create("odd:///");
        }
    }

    /** Takes bytes and keeps none. */
    static final class Losing extends Odd {
        @Override
        public FSDataOutputStream create(
                org.apache.hadoop.fs.Path path,
                boolean overwrite,
                int bufferSize,
                short replication,
                long blockSize,
                Progressable progress)
                throws IOException {
            super.create(path, overwrite, bufferSize, replication, blockSize, progress)
                    .close();
            return new FSDataOutputStream(OutputStream.nullOutputStream(), null);
        }
    }

    /** Replaces as object stores do, and fails in the middle. */
    static final class DeletingFirst extends FilterFileSystem {
        DeletingFirst() {
            super(new Odd());
        }

        @Override
        @SuppressWarnings("deprecation")
        protected void rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to, Rename... options)
                throws IOException {
            delete(to, false);
            throw new IOException("connection reset");
        }
    }
}
