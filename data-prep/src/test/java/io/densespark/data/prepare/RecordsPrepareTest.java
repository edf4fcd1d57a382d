package io.densespark.data.prepare;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.densespark.data.DatasetDescription;
import io.densespark.data.ImageShape;
import io.densespark.data.Shard;
import io.densespark.data.decode.PixelFormat;
import io.densespark.data.fixture.ImageFiles;
import io.densespark.data.fixture.LocalSpark;
import io.densespark.data.records.FolderSource;
import io.densespark.data.records.RecordSource;
import io.densespark.data.records.TableColumns;
import io.densespark.data.records.TableSource;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordsPrepareTest {
    private static final OptionalDouble NONE = OptionalDouble.empty();

    private final SparkSession spark = LocalSpark.session();

    @TempDir
    private java.nio.file.Path folder;

    @Test
    void imageFoldersBecomeShardsWithAShareOfEachClassToTest() {
        ImageFiles.fill(folder.resolve("in/cat"), 20, 0x100000);
        ImageFiles.fill(folder.resolve("in/dog"), 30, 0x200000);

        DatasetDescription made = prepare("out", settings(7, NONE, NONE));

        assertThat(made.classes()).containsExactly("cat", "dog");
        assertThat(made.shape()).isEqualTo(new ImageShape(4, 4, 3));
        assertThat(made.counts()).containsOnlyKeys("train", "test");
        assertThat(keys(made, "test")).filteredOn(key -> key.startsWith("cat")).hasSize(2);
        assertThat(keys(made, "test")).filteredOn(key -> key.startsWith("dog")).hasSize(3);
        assertThat(made.shards("train").stream().map(Shard::rows)).containsExactly(7, 7, 7, 7, 7, 7, 3);
        List<String> all = new ArrayList<>(keys(made, "train"));
        all.addAll(keys(made, "test"));
        assertThat(all).hasSize(50).doesNotHaveDuplicates().contains("cat/000.png", "dog/029.png");
        assertThat(made).isEqualTo(DatasetDescription.read(new Configuration(), path("out")));
    }

    @Test
    void eachRowHasItsOwnPixelsLabelAndPosition() {
        ImageFiles.fill(folder.resolve("in/cat"), 20, 0x100000);
        ImageFiles.fill(folder.resolve("in/dog"), 20, 0x200000);

        DatasetDescription made = prepare("out", settings(7, NONE, NONE));

        List<Group> rows = PreparedRows.of(made, path("out"), "train");
        for (int i = 0; i < rows.size(); i++) {
            Group row = rows.get(i);
            String key = row.getString("key", 0);
            int number = Integer.parseInt(key.substring(4, 7));
            boolean isCat = key.startsWith("cat");
            assertThat(row.getLong("id", 0)).isEqualTo(i);
            assertThat(row.getInteger("label", 0)).isEqualTo(isCat ? 0 : 1);
            assertThat(row.getBinary("image", 0).getBytes()).hasSize(48).startsWith(isCat ? 0x10 : 0x20, 0, number);
        }
    }

    @Test
    void theContentOfShardsDependsNeitherOnPartitionsNorOnTheOrderOfFiles() {
        ImageFiles.fill(folder.resolve("in/cat"), 20, 0x100000);
        ImageFiles.fill(folder.resolve("in/dog"), 30, 0x200000);
        Dataset<Row> images = FolderSource.open(spark, path("in"))
                .records(false)
                .selectExpr("path", "element_at(present, 1) as label");
        List<String> checksums = new ArrayList<>();
        for (int partitions : List.of(1, 3, 7)) {
            RecordSource source = TableSource.of(
                    spark, "pets", "here", images.repartition(partitions), TableColumns.of("path", "label"));
            checksums.add(RecordsPrepare.run(
                            spark, source, path("out" + partitions), settings(7, OptionalDouble.of(0.2), NONE))
                    .checksum());
        }
        assertThat(checksums).containsOnly(checksums.get(0));
    }

    @Test
    void theSplitsOfTheSourceStay() {
        ImageFiles.fill(folder.resolve("in/train/cat"), 6, 1);
        ImageFiles.fill(folder.resolve("in/train/dog"), 6, 50);
        ImageFiles.fill(folder.resolve("in/valid/cat"), 2, 100);
        ImageFiles.fill(folder.resolve("in/test/dog"), 3, 150);

        DatasetDescription made = prepare("out", settings(100, NONE, NONE));

        assertThat(made.counts())
                .containsEntry("train", 12L)
                .containsEntry("validation", 2L)
                .containsEntry("test", 3L);
        assertThat(keys(made, "validation")).containsExactlyInAnyOrder("valid/cat/000.png", "valid/cat/001.png");
        assertThat(keys(made, "test")).allMatch(key -> key.startsWith("test/dog/"));
    }

    @Test
    void validationImagesAreTheTestWhereThereIsNoneUnlessOneIsDrawn() {
        ImageFiles.fill(folder.resolve("in/train/cat"), 10, 1);
        ImageFiles.fill(folder.resolve("in/val/cat"), 3, 50);

        assertThat(prepare("imagenet", settings(100, NONE, NONE)).counts())
                .containsEntry("train", 10L)
                .containsEntry("test", 3L)
                .hasSize(2);
        assertThat(prepare("drawn", settings(100, OptionalDouble.of(0.2), NONE)).counts())
                .containsEntry("train", 8L)
                .containsEntry("validation", 3L)
                .containsEntry("test", 2L);
    }

    @Test
    void aDamagedImageIsNamedAndNothingIsLeft() {
        ImageFiles.fill(folder.resolve("in/cat"), 20, 1);
        ImageFiles.write(folder.resolve("in/cat/damaged.png"), new byte[] {1, 2, 3});

        assertRefused(() -> prepare("out", settings(5, NONE, NONE)), "in/cat/damaged.png", "none of the formats");

        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void damagedImagesGoIntoQuarantineIfTheyMay() throws IOException {
        ImageFiles.fill(folder.resolve("in/cat"), 20, 1);
        ImageFiles.write(folder.resolve("in/cat/damaged.png"), new byte[] {1, 2, 3});
        ImageFiles.write(folder.resolve("in/cat/empty.png"), new byte[0]);

        DatasetDescription made = prepare("out", settings(5, NONE, OptionalDouble.of(0.1)));

        assertThat(made.quarantined()).isEqualTo(2);
        assertThat(made.count("train") + made.count("test")).isEqualTo(20);
        List<Group> rows = PreparedRows.of(made.quarantine(), path("out"));
        assertThat(rows.get(0).getString("path", 0)).endsWith("in/cat/damaged.png");
        assertThat(rows.get(1).getString("reason", 0)).isEqualTo("it is empty");
        try (Stream<java.nio.file.Path> files = Files.list(folder.resolve("out"))) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> !name.endsWith(".crc")))
                    .hasSize(made.files().size() + 1);
        }

        assertRefused(
                () -> prepare("more", settings(5, NONE, OptionalDouble.of(0.05))), "2 of 22 images", "share of 0.05");
        assertThat(folder.resolve("more")).doesNotExist();
    }

    @Test
    void imagesOfSeveralSizesAreRefusedWithoutASizeAndScaledWithOne() {
        ImageFiles.fill(folder.resolve("in/cat"), 10, 1);
        ImageFiles.write(folder.resolve("in/cat/wide.png"), ImageFiles.png(4, 8, 1));

        assertRefused(() -> prepare("out", settings(20, NONE, NONE)), "4x8x3", "4x4x3", "image size");

        assertThat(RecordsPrepare.run(
                                spark,
                                FolderSource.open(spark, path("in")),
                                path("out"),
                                new RecordSettings(
                                        PixelFormat.GREY8,
                                        OptionalInt.of(2),
                                        OptionalInt.empty(),
                                        NONE,
                                        NONE,
                                        0,
                                        NONE,
                                        false,
                                        false))
                        .shape())
                .isEqualTo(new ImageShape(2, 2, 1));
    }

    @Test
    void sixteenBitsStay() {
        for (int i = 0; i < 10; i++) {
            ImageFiles.write(folder.resolve("in/a/" + i + ".png"), ImageFiles.grey16(2, 2, 1000 * (i + 1)));
        }
        DatasetDescription made = RecordsPrepare.run(
                spark,
                FolderSource.open(spark, path("in")),
                path("out"),
                new RecordSettings(
                        PixelFormat.GREY16,
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        OptionalDouble.of(0.5),
                        NONE,
                        0,
                        NONE,
                        false,
                        false));

        assertThat(made.shape()).isEqualTo(new ImageShape(2, 2, 1, 16));
        List<Group> rows = PreparedRows.of(made, path("out"), "train");
        double sum = 0;
        for (Group row : rows) {
            int value = 1000 * (Integer.parseInt(row.getString("key", 0).substring(2, 3)) + 1);
            assertThat(row.getBinary("image", 0).getBytes()).startsWith(value & 0xff, value >> 8);
            sum += value;
        }
        assertThat(made.mean().get(0)).isEqualTo(sum / 5 / 65535, within(1e-12));
    }

    @Test
    void anOldDataSetIsReplacedWholeOrStays() {
        ImageFiles.fill(folder.resolve("in/cat"), 20, 1);
        DatasetDescription old = prepare("out", settings(5, NONE, NONE));
        assertRefused(() -> prepare("out", settings(5, NONE, NONE)), "already holds a data set");
        RecordSettings overwrite = new RecordSettings(
                PixelFormat.RGB8, OptionalInt.empty(), OptionalInt.of(4), NONE, NONE, 0, NONE, true, false);
        DatasetDescription made = prepare("out", overwrite);
        assertThat(made.files()).doesNotContainAnyElementsOf(old.files());
        ImageFiles.write(folder.resolve("in/cat/damaged.png"), new byte[] {1});
        assertRefused(() -> prepare("out", overwrite), "damaged.png");
        assertThat(DatasetDescription.read(new Configuration(), path("out"))).isEqualTo(made);
    }

    private List<String> keys(DatasetDescription made, String split) {
        return PreparedRows.keys(made, path("out"), split);
    }

    private DatasetDescription prepare(String out, RecordSettings settings) {
        return RecordsPrepare.run(spark, FolderSource.open(spark, path("in")), path(out), settings);
    }

    private static RecordSettings settings(int rows, OptionalDouble testShare, OptionalDouble maxBad) {
        return new RecordSettings(
                PixelFormat.RGB8, OptionalInt.empty(), OptionalInt.of(rows), testShare, NONE, 0, maxBad, false, false);
    }

    private Path path(String name) {
        return new Path(folder.resolve(name).toUri());
    }
}
