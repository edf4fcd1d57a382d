package io.densespark.data.prepare;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.data.DatasetDescription;
import io.densespark.data.ImageShape;
import io.densespark.data.Shard;
import io.densespark.data.files.Leftovers;
import io.densespark.data.fixture.CifarFolder;
import io.densespark.data.shard.ImageRow;
import io.densespark.data.shard.ShardFormat;
import io.densespark.data.shard.ShardWriter;
import io.densespark.data.source.Cifar10Source;
import io.densespark.data.source.ImageSource;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the next preparation does about one that was killed, at each point where that may have been. */
class KilledPreparationTest {
    private final Configuration conf = new Configuration();

    @TempDir
    private java.nio.file.Path folder;

    private Path output;
    private FileSystem fileSystem;

    @BeforeEach
    void writeSource() throws IOException {
        CifarFolder.write(folder.resolve("cifar"), 2);
        output = new Path(folder.resolve("out").toUri());
        fileSystem = output.getFileSystem(conf);
    }

    @Test
    void shardsWithoutADescriptionAreNoDataSetAndGoWithTheNextPreparation() throws IOException {
        fileSystem.mkdirs(output);
        writeShard(Preparation.begin(conf, fileSystem, output, Optional.empty()));
        String draft = Leftovers.writing(new Path(output, "dataset.json")).getName();
        Files.writeString(folder.resolve("out").resolve(draft), "{\"format\"");
        assertRefused(() -> DatasetDescription.read(conf, output), "is not a prepared data set", "run prepare");

        DatasetDescription prepared = prepare(false);

        assertOnly(prepared);
    }

    @Test
    void anOldDataSetOutlivesAPreparationThatWasKilledBeforeItsCommit() throws IOException {
        DatasetDescription old = prepare(false);
        writeShard(Preparation.begin(conf, fileSystem, output, Optional.of(old)));
        assertThat(DatasetDescription.read(conf, output)).isEqualTo(old);

        assertRefused(() -> prepare(false), "already holds a data set");

        assertOnly(old);
    }

    @Test
    void anOldDataSetComesBackWhereItsDescriptionWasGoneAlready() throws IOException {
        DatasetDescription old = prepare(false);
        writeShard(Preparation.begin(conf, fileSystem, output, Optional.of(old)));
        Path description = new Path(output, "dataset.json");
        fileSystem.rename(description, Leftovers.writing(description));

        assertRefused(() -> prepare(false), "already holds a data set");

        assertOnly(old);
    }

    @Test
    void aNewDataSetStaysAndTheOldShardsGoWhereTheCommitWasDone() throws IOException {
        DatasetDescription old = prepare(false);
        Preparation killed = Preparation.begin(conf, fileSystem, output, Optional.of(old));
        Shard train = writeShard(killed);
        fileSystem.rename(new Path(output, train.file()), killed.shard("test", 0));
        Shard test = new Shard(killed.shard("test", 0).getName(), 1, train.bytes(), train.sha256());
        DatasetDescription made = DatasetDescription.of(
                "new",
                "here",
                List.of("one"),
                Cifar10Source.open(conf, source()).shape(),
                old.mean(),
                old.std(),
                Map.of("train", List.of(writeShard(killed)), "test", List.of(test)));
        made.write(conf, output);

        assertRefused(() -> prepare(false), "already holds a data set");

        assertOnly(made);
    }

    @Test
    void shardsOfAttemptsThatWereNotTakenGoWithTheCommit() throws IOException {
        OutputFolder folder = OutputFolder.begin(conf, output, false);
        String taken = Preparation.shardOfAttempt("train", 0, folder.number(), 3);
        String other = Preparation.shardOfAttempt("train", 0, folder.number(), 4);
        String test = Preparation.shardOfAttempt("test", 0, folder.number(), 5);
        for (String name : List.of(taken, other, test)) {
            Files.writeString(this.folder.resolve("out").resolve(name), "shard");
        }
        Files.writeString(this.folder.resolve("out/train-00000-0123abcd-4.parquet"), "another's");
        DatasetDescription made = DatasetDescription.of(
                "new",
                "here",
                List.of("one"),
                new ImageShape(1, 1, 1),
                List.of(0.5),
                List.of(0.5),
                Map.of(
                        "train", List.of(new Shard(taken, 1, 5, "0".repeat(64))),
                        "test", List.of(new Shard(test, 1, 5, "0".repeat(64)))));

        folder.commit(made);
        folder.deleteReplaced();

        try (Stream<java.nio.file.Path> files = Files.list(this.folder.resolve("out"))) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> !name.endsWith(".crc")))
                    .containsExactlyInAnyOrder(taken, test, "train-00000-0123abcd-4.parquet", "dataset.json");
        }
    }

    @Test
    void ofTwoPreparationsAtOnceTheEarlierOneGivesWay() throws IOException {
        OutputFolder earlier = OutputFolder.begin(conf, output, false);
        DatasetDescription later = prepare(false);

        assertRefused(() -> earlier.commit(later), "was taken by another preparation");
        earlier.rollBack(new IllegalStateException());

        assertOnly(later);
    }

    @Test
    void whatLooksLikeANoteButIsNoneStaysAndIsNamed() throws IOException {
        Files.createDirectories(folder.resolve("out/.preparing-dinner"));
        assertRefused(() -> prepare(true), ".preparing-dinner", "is not a prepared data set");
    }

    private Shard writeShard(Preparation preparation) {
        ImageSource source = Cifar10Source.open(conf, source());
        try (ShardWriter writer = new ShardWriter(
                conf,
                preparation.shard("train", 0),
                ShardFormat.plain(source.shape(), source.classes().size()))) {
            writer.write(
                    ImageRow.ofClass(0, "train/0", 0, new byte[source.shape().bytes()]));
            return writer.finish();
        }
    }

    private DatasetDescription prepare(boolean overwrite) {
        return Prepare.run(Cifar10Source.open(conf, source()), conf, output, new PrepareSettings(4, overwrite));
    }

    private Path source() {
        return new Path(folder.resolve("cifar").toUri());
    }

    /** The folder is this data set, and has nothing else. */
    private void assertOnly(DatasetDescription expected) throws IOException {
        assertThat(DatasetDescription.read(conf, output)).isEqualTo(expected);
        List<String> names = Stream.concat(
                        Stream.of("dataset.json"),
                        expected.splits().values().stream()
                                .flatMap(List::stream)
                                .map(Shard::file))
                .toList();
        try (Stream<java.nio.file.Path> files = Files.list(folder.resolve("out"))) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> !name.endsWith(".crc")))
                    .containsExactlyInAnyOrderElementsOf(names);
        }
    }
}
