package io.densespark.spark.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoredFileTest {
    private static final String PROBLEM = "test.problem";

    @TempDir
    private Path folder;

    /** What opening a file that is there may throw. */
    enum Problem {
        HDFS_PERMISSION,
        S3_PERMISSION,
        LOCAL_PERMISSION,
        CHECKSUM,
        CONNECTION;

        IOException exception(String file) {
            return switch (this) {
                case HDFS_PERMISSION -> new AccessControlException("Permission denied: user=somebody, access=READ");
                case S3_PERMISSION -> new AccessDeniedException(file, null, "403 Forbidden");
                case LOCAL_PERMISSION -> new FileNotFoundException(file + " (Permission denied)");
                case CHECKSUM -> new ChecksumException("Checksum error: " + file + " at 0 exp: 1 got: 2", 0);
                case CONNECTION -> new IOException("Connection reset by peer");
            };
        }
    }

    /** The local disk as {@code problem:/...}, which opens nothing. */
    static final class ProblemFileSystem extends RawLocalFileSystem {
        @Override
        public URI getUri() {
            return URI.create("problem:///");
        }

        @Override
        public FSDataInputStream open(org.apache.hadoop.fs.Path path, int bufferSize) throws IOException {
            throw getConf().getEnum(PROBLEM, Problem.CONNECTION).exception(path.toString());
        }
    }

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("file"), "abc");
    }

    private org.apache.hadoop.fs.Path path(String scheme, String name) {
        return new org.apache.hadoop.fs.Path(scheme + ":" + folder.resolve(name));
    }

    private static StoredFile<byte[]> read(org.apache.hadoop.fs.Path path, Configuration conf) throws IOException {
        return StoredFile.read(path, conf, in -> in.readAllBytes());
    }

    private StoredFile<byte[]> readWith(Problem problem) throws IOException {
        Configuration conf = new Configuration();
        conf.setClass("fs.problem.impl", ProblemFileSystem.class, FileSystem.class);
        conf.setBoolean("fs.problem.impl.disable.cache", true);
        conf.setEnum(PROBLEM, problem);
        return read(path("problem", "file"), conf);
    }

    @Test
    void theDigestIsThatOfTheWholeFileHoweverMuchOfItIsParsed() throws IOException {
        StoredFile<Integer> first = StoredFile.read(path("file", "file"), new Configuration(), in -> in.read());

        assertThat(first.value()).isEqualTo('a');
        assertThat(first.sha256()).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void aFileThatIsMissingIsNotFound() {
        assertThatThrownBy(() -> read(path("file", "none"), new Configuration()))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessageContaining("there is no file")
                .hasMessageContaining("none");
    }

    @Test
    void aFolderIsNoFileThatIsMissing() {
        assertThatThrownBy(() -> read(path("file", "."), new Configuration()))
                .isInstanceOf(UnreadableFileException.class)
                .hasMessageContaining("is a folder where a file belongs");
    }

    @ParameterizedTest
    @EnumSource(names = {"HDFS_PERMISSION", "S3_PERMISSION", "LOCAL_PERMISSION"})
    void aFileThatMayNotBeReadIsNotMissing(Problem problem) {
        assertThatThrownBy(() -> readWith(problem))
                .isInstanceOf(UnreadableFileException.class)
                .hasMessageContaining(folder.resolve("file").toString())
                .hasMessageContaining("may not be read (")
                .hasMessageContaining("change its permissions");
    }

    @Test
    void damageThatTheFileSystemFindsIsForGood() {
        assertThatThrownBy(() -> readWith(Problem.CHECKSUM))
                .isInstanceOf(DamagedFileException.class)
                .hasMessageContaining("file is damaged");
    }

    @Test
    void whatMayPassStaysAnIOException() {
        assertThatThrownBy(() -> readWith(Problem.CONNECTION))
                .isInstanceOf(IOException.class)
                .hasMessage("Connection reset by peer");
    }
}
