package io.densespark.data;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.densespark.data.fixture.CifarFolder;
import io.densespark.data.fixture.FailingFileSystem;
import io.densespark.data.fixture.FailingFileSystem.Trouble;
import io.densespark.data.fixture.IdxFolder;
import io.densespark.data.prepare.Prepare;
import io.densespark.data.prepare.PrepareSettings;
import io.densespark.data.shard.ShardReader;
import io.densespark.data.source.BigDlSource;
import io.densespark.data.source.Cifar10Source;
import io.densespark.data.source.IdxSource;
import io.densespark.data.source.ImageSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file that is there but can't be read isn't called missing, whoever reads it. */
class UnreadableFilesTest {
    private final Configuration conf = new Configuration();

    @TempDir
    private java.nio.file.Path folder;

    private DatasetDescription prepared;

    @BeforeEach
    void prepare() throws IOException {
        CifarFolder.write(folder.resolve("cifar"), 2);
        IdxFolder.write(Files.createDirectory(folder.resolve("idx")), 4, 2);
        Files.createDirectories(folder.resolve("bigdl/train"));
        Files.createDirectories(folder.resolve("bigdl/val"));
        Files.writeString(folder.resolve("bigdl/train/a.seq"), "SEQ");
        ImageSource source = Cifar10Source.open(conf, new Path("file", null, folder + "/cifar"));
        prepared = Prepare.run(
                source, conf, new Path("file", null, folder + "/prepared"), new PrepareSettings(100, false));
    }

    @ParameterizedTest
    @CsvSource({
        "LOCAL_PERMISSION, may not be read, ask for permission",
        "PERMISSION, may not be read (Permission denied: user=ann, ask for permission",
        "CONNECTION, can't be reached (Call to namenode:8020 failed, that it runs",
        "UNKNOWN_HOST, can't be reached (namenode), check its name",
        "CHECKSUM, is damaged (Checksum error, again"
    })
    void theReasonIsToldWhateverIsRead(Trouble trouble, String reason, String remedy) {
        assertRefused(
                () -> DatasetDescription.read(refusing("dataset.json", trouble), path("prepared")),
                "/prepared/dataset.json",
                reason,
                remedy);
        Shard shard = prepared.shards("train").get(0);
        assertRefused(
                () -> new ShardReader(refusing(shard.file(), trouble), path("prepared"), prepared).read(shard),
                "/prepared/" + shard.file(),
                reason,
                remedy);
        assertRefused(
                () -> Cifar10Source.open(refusing("data_batch_1", trouble), path("cifar"))
                        .open("train")
                        .close(),
                "/cifar",
                reason,
                remedy);
        assertRefused(
                () -> IdxSource.open(refusing("train-labels", trouble), path("idx"), Optional.empty()),
                "/idx",
                reason,
                remedy);
        assertRefused(
                () -> BigDlSource.open(refusing("a.seq", trouble), path("bigdl"), OptionalInt.empty()),
                "/bigdl",
                reason,
                remedy);
    }

    @Test
    void aFolderInPlaceOfAFileIsCalledOne() throws IOException {
        Files.move(folder.resolve("prepared/dataset.json"), folder.resolve("prepared/old.json"));
        Files.createDirectory(folder.resolve("prepared/dataset.json"));
        assertRefused(
                () -> DatasetDescription.read(conf, new Path(folder + "/prepared")),
                "/prepared/dataset.json is a folder where a file is expected");
        Files.delete(folder.resolve("cifar/test_batch.bin"));
        Files.createDirectory(folder.resolve("cifar/test_batch.bin"));
        assertRefused(
                () -> Cifar10Source.open(conf, new Path(folder + "/cifar")),
                "/cifar/test_batch.bin is a folder where a file is expected");
    }

    @Test
    void aFileSystemThatNobodyKnowsIsNamed() {
        assertRefused(
                () -> DatasetDescription.read(conf, new Path("nowhere://host/data")),
                "the file system of nowhere://host/data/dataset.json can't be reached",
                "No FileSystem for scheme \"nowhere\"");
    }

    @Test
    void aLocalFileInAFolderThatMayNotBeEnteredIsNotCalledMissing() throws IOException {
        java.nio.file.Path closed = folder.resolve("prepared");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        try {
            assumeFalse(Files.isExecutable(closed), "root may enter every folder");
            assertRefused(
                    () -> DatasetDescription.read(conf, new Path(folder + "/prepared")),
                    "/prepared/dataset.json may not be read");
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        }
    }

    private static Configuration refusing(String file, Trouble trouble) {
        return FailingFileSystem.refusingToRead(file, trouble);
    }

    private Path path(String name) {
        return new Path("failing", null, folder.resolve(name).toString());
    }
}
