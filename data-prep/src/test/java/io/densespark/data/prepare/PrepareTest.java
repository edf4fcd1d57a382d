package io.densespark.data.prepare;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.densespark.data.DatasetDescription;
import io.densespark.data.ImageShape;
import io.densespark.data.Shard;
import io.densespark.data.fixture.CifarFolder;
import io.densespark.data.shard.DecodedShard;
import io.densespark.data.shard.ShardReader;
import io.densespark.data.source.BundledMnist;
import io.densespark.data.source.Cifar10Source;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrepareTest {
    private static final PrepareSettings FOUR_A_SHARD = new PrepareSettings(4, false);

    private final Configuration conf = new Configuration();

    @TempDir
    private java.nio.file.Path folder;

    private java.nio.file.Path cifar;
    private java.nio.file.Path output;

    @BeforeEach
    void writeSource() {
        cifar = CifarFolder.write(folder.resolve("cifar"), 2);
        output = folder.resolve("out");
    }

    @Test
    void everyImageIsInItsSplitOnceAndInOrder() {
        DatasetDescription prepared = prepare(FOUR_A_SHARD);
        assertSplit(prepared, "train", 0, List.of(4, 4, 2));
        assertSplit(prepared, "test", 1000, List.of(2));
    }

    @Test
    void theDescriptionInTheFolderIsTheOneReturned() {
        DatasetDescription prepared = prepare(FOUR_A_SHARD);
        assertThat(DatasetDescription.read(conf, path(output))).isEqualTo(prepared);
        assertThat(prepared.name()).isEqualTo("cifar10");
        assertThat(prepared.shape()).isEqualTo(new ImageShape(32, 32, 3));
        assertThat(prepared.classes()).hasSize(10).startsWith("airplane");
        assertThat(prepared.shards("train").get(2).file()).matches("train-00002-[0-9a-f]{8}\\.parquet");
    }

    @Test
    void meanAndDeviationAreThoseOfTheTrainImagesAlone() {
        DatasetDescription prepared = prepare(FOUR_A_SHARD);
        for (int c = 0; c < 3; c++) {
            double sum = 0;
            double squares = 0;
            for (int image = 0; image < 10; image++) {
                for (int p = 0; p < 1024; p++) {
                    double value = CifarFolder.value(image, p / 32, p % 32, c) / 255.0;
                    sum += value;
                    squares += value * value;
                }
            }
            double mean = sum / 10240;
            assertThat(prepared.mean().get(c)).isCloseTo(mean, within(1e-12));
            assertThat(prepared.std().get(c)).isCloseTo(Math.sqrt(squares / 10240 - mean * mean), within(1e-12));
        }
    }

    @Test
    void preparingTwiceGivesTheSameChecksum() {
        DatasetDescription first = prepare(FOUR_A_SHARD);
        DatasetDescription second = Prepare.run(source(), conf, new Path(path(folder), "again"), FOUR_A_SHARD);
        assertThat(second.checksum()).isEqualTo(first.checksum());
    }

    @Test
    void theBundledDigitsArePrepared() {
        DatasetDescription prepared = Prepare.run(
                BundledMnist.open(),
                conf,
                path(output),
                new PrepareSettings(PrepareSettings.DEFAULT_ROWS_PER_SHARD, false));
        assertThat(prepared.shards("train").stream().map(Shard::rows)).containsExactly(5000, 4000);
        assertThat(prepared.shards("test").stream().map(Shard::rows)).containsExactly(1000);
        // All of MNIST has 0.1307 and 0.3081.
        assertThat(prepared.mean().get(0)).isCloseTo(0.1307, within(0.002));
        assertThat(prepared.std().get(0)).isCloseTo(0.3081, within(0.002));
    }

    @Test
    void anEmptyFolderIsTaken() throws IOException {
        Files.createDirectory(output);
        assertThat(prepare(FOUR_A_SHARD).count("train")).isEqualTo(10);
    }

    @Test
    void aDataSetThatIsThereIsRefusedAndKept() throws IOException {
        DatasetDescription first = prepare(FOUR_A_SHARD);
        List<String> files = files(output);
        assertRefused(() -> prepare(FOUR_A_SHARD), output.toString(), "already holds a data set");
        assertThat(DatasetDescription.read(conf, path(output))).isEqualTo(first);
        assertThat(files(output)).isEqualTo(files);
    }

    @Test
    void aDataSetThatIsThereIsReplacedWhereAllowed() throws IOException {
        prepare(FOUR_A_SHARD);
        DatasetDescription second = prepare(new PrepareSettings(5, true));
        List<String> expected = new ArrayList<>(List.of("dataset.json"));
        second.splits().values().forEach(shards -> shards.forEach(shard -> expected.add(shard.file())));
        assertThat(files(output)).containsExactlyInAnyOrderElementsOf(expected);
        assertSplit(second, "train", 0, List.of(5, 5));
    }

    @Test
    void aFolderThatIsNotADataSetIsNeverReplaced() throws IOException {
        Files.createDirectory(output);
        Files.writeString(output.resolve("thesis.txt"), "years of work");
        assertRefused(() -> prepare(new PrepareSettings(4, true)), "thesis.txt", "is not a prepared data set");
        assertThat(files(output)).containsExactly("thesis.txt");
    }

    @Test
    void filesOfOthersInAReplacedDataSetAreKept() throws IOException {
        prepare(FOUR_A_SHARD);
        Files.writeString(output.resolve("notes.txt"), "mine");
        prepare(new PrepareSettings(5, true));
        assertThat(files(output)).contains("notes.txt").hasSize(5);
    }

    @Test
    void aFileInPlaceOfTheFolderIsRefused() throws IOException {
        Files.writeString(output, "text");
        assertRefused(() -> prepare(new PrepareSettings(4, true)), output.toString(), "is a file");
    }

    @Test
    void rowsPerShardMustBePositiveAndFitAnArray() {
        assertRefused(() -> new PrepareSettings(0, false), "rows per shard is 0");
        assertRefused(() -> prepare(new PrepareSettings(1_000_000, false)), "1000000 rows per shard", "87381 or less");
        assertThat(output).doesNotExist();
    }

    private void assertSplit(DatasetDescription prepared, String split, int firstImage, List<Integer> rows) {
        ShardReader reader = new ShardReader(conf, path(output), prepared);
        List<Integer> found = new ArrayList<>();
        int image = firstImage;
        for (Shard shard : prepared.shards(split)) {
            DecodedShard decoded = reader.read(shard);
            found.add(decoded.labels().length);
            for (int row = 0; row < decoded.labels().length; row++, image++) {
                assertThat(decoded.labels()[row]).isEqualTo(CifarFolder.label(image));
                assertThat(Arrays.copyOfRange(decoded.pixels(), row * 3072, (row + 1) * 3072))
                        .isEqualTo(CifarFolder.pixels(image));
            }
        }
        assertThat(found).isEqualTo(rows);
    }

    private DatasetDescription prepare(PrepareSettings settings) {
        return Prepare.run(source(), conf, path(output), settings);
    }

    private Cifar10Source source() {
        return Cifar10Source.open(conf, path(cifar));
    }

    private static Path path(java.nio.file.Path path) {
        return new Path(path.toUri());
    }

    /** Names of the files in a folder, without those that Hadoop's local file system keeps for itself. */
    private static List<String> files(java.nio.file.Path folder) throws IOException {
        try (Stream<java.nio.file.Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.endsWith(".crc"))
                    .sorted()
                    .toList();
        }
    }
}
