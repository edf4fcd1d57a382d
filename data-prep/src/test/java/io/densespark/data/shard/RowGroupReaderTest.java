package io.densespark.data.shard;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.densespark.data.DatasetDescription;
import io.densespark.data.Shard;
import io.densespark.data.fixture.EncodedSet;
import io.densespark.data.fixture.FailingFileSystem;
import io.densespark.data.fixture.FailingFileSystem.Trouble;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowGroupReaderTest {
    private static final int IMAGE_BYTES = 1 << 18;

    private final Configuration conf = new Configuration();

    @TempDir
    private java.nio.file.Path folder;

    /** Photographs of 256 KiB: sixteen of them are 4 MiB. */
    @Test
    void rowGroupsHaveAboutFourMebibytesAndGiveTheImagesThatAreWanted() {
        DatasetDescription dataset = EncodedSet.write(path(), conf, 8, List.of(50), index -> noise(index, IMAGE_BYTES));
        RowGroupReader reader = new RowGroupReader(conf, path(), dataset);

        List<RowGroup> groups = reader.list(dataset.shards("train").get(0));

        assertThat(groups).hasSizeBetween(3, 4).allMatch(group -> group.rows() <= 17);
        assertThat(groups.stream().mapToInt(RowGroup::rows).sum()).isEqualTo(50);
        int first = 0;
        for (RowGroup group : groups) {
            assertThat(group.bytes()).isBetween((long) group.rows() * IMAGE_BYTES, group.rows() * (IMAGE_BYTES + 100L));
            List<EncodedImage> images = reader.read(group, row -> row % 3 == 0);
            List<Integer> rows = new ArrayList<>();
            for (EncodedImage image : images) {
                rows.add(image.row());
                assertThat(image.label()).isEqualTo(first + image.row());
                assertThat(image.file()).isEqualTo(noise(first + image.row(), IMAGE_BYTES));
            }
            assertThat(rows).allMatch(row -> row % 3 == 0).hasSize((group.rows() + 2) / 3);
            first += group.rows();
        }
    }

    @Test
    void aDamagedPageIsFoundByItsChecksumAndTheShardIsNamed() throws IOException {
        DatasetDescription dataset = EncodedSet.write(path(), conf, 8, List.of(3), index -> noise(index, 1000));
        Shard shard = dataset.shards("train").get(0);
        RowGroupReader reader = new RowGroupReader(conf, path(), dataset);
        RowGroup group = reader.list(shard).get(0);
        java.nio.file.Path file = folder.resolve(shard.file());
        byte[] bytes = Files.readAllBytes(file);
        bytes[1500] ^= 1;
        Files.write(file, bytes);
        Files.deleteIfExists(folder.resolve("." + shard.file() + ".crc"));

        assertRefused(() -> reader.read(group, row -> true), shard.file(), "run prepare again");
    }

    @Test
    void aFileOfAnotherLengthIsRefusedByItsName() throws IOException {
        DatasetDescription dataset = EncodedSet.write(path(), conf, 8, List.of(3), index -> noise(index, 1000));
        Shard shard = dataset.shards("train").get(0);
        Files.write(folder.resolve(shard.file()), new byte[10]);

        assertRefused(
                () -> new RowGroupReader(conf, path(), dataset).list(shard),
                shard.file() + " has 10 bytes",
                "truncated");
    }

    @Test
    void aFileSystemThatFailsMayBeTriedAgainAndADamagedFileNot() {
        DatasetDescription dataset = EncodedSet.write(path(), conf, 8, List.of(3), index -> noise(index, 1000));
        RowGroup group = new RowGroupReader(conf, path(), dataset)
                .list(dataset.shards("train").get(0))
                .get(0);
        Path failing = new Path("failing", null, folder.toString());

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> reader(failing, dataset, Trouble.CONNECTION).read(group, row -> true))
                .withMessageContaining("train-0.parquet can't be reached");
        assertRefused(
                () -> reader(failing, dataset, Trouble.CHECKSUM).read(group, row -> true),
                "train-0.parquet is damaged");
        assertRefused(
                () -> reader(failing, dataset, Trouble.CONNECTION).list(group.shard()),
                "train-0.parquet can't be reached");
    }

    private static RowGroupReader reader(Path folder, DatasetDescription dataset, Trouble trouble) {
        return new RowGroupReader(FailingFileSystem.refusingToRead("train-0", trouble), folder, dataset);
    }

    private static byte[] noise(int seed, int bytes) {
        byte[] noise = new byte[bytes];
        new Random(seed).nextBytes(noise);
        return noise;
    }

    private Path path() {
        return new Path(folder.toUri());
    }
}
