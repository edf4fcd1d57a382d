package io.densespark.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.densespark.data.DataException;
import io.densespark.data.DatasetDescription;
import io.densespark.data.ImageShape;
import io.densespark.data.LabelKind;
import io.densespark.data.Shard;
import java.io.IOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardRoundTripTest {
    private static final ImageShape SHAPE = new ImageShape(5, 7, 3);

    private final Configuration conf = new Configuration();

    @TempDir
    private java.nio.file.Path folder;

    @Test
    void imagesAndLabelsComeBackInOrder() {
        Shard shard = write(SHAPE, 250);
        DecodedShard read = read(SHAPE, shard);
        assertThat(read.pixels()).isEqualTo(pixels(SHAPE, 250));
        assertThat(read.labels()).hasSize(250).startsWith(0, 3, 6, 9, 2).endsWith(249 * 3 % 10);
    }

    @Test
    void aShardOfSeveralRowGroupsComesBackInOrder() throws IOException {
        ImageShape shape = new ImageShape(32, 32, 3);
        Shard shard = write(shape, 2500);
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(path(shard), conf))) {
            assertThat(reader.getRowGroups()).hasSizeBetween(2, 4);
        }
        assertThat(read(shape, shard).pixels()).isEqualTo(pixels(shape, 2500));
    }

    @Test
    void lengthAndChecksumAreThoseOfTheFile() throws IOException, NoSuchAlgorithmException {
        Shard shard = write(SHAPE, 40);
        byte[] file = Files.readAllBytes(folder.resolve(shard.file()));
        assertThat(shard.rows()).isEqualTo(40);
        assertThat(shard.bytes()).isEqualTo(file.length);
        assertThat(shard.sha256())
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(file)));
    }

    @Test
    void theSameImagesGiveTheSameBytes() {
        assertThat(write(SHAPE, 40).sha256()).isEqualTo(write(SHAPE, 40).sha256());
    }

    @Test
    void anyParquetReaderFindsTheColumns() throws IOException {
        Shard shard = write(SHAPE, 3);
        byte[] pixels = pixels(SHAPE, 3);
        try (ParquetReader<Group> reader = ParquetReader.builder(new GroupReadSupport(), path(shard))
                .withConf(conf)
                .build()) {
            for (int i = 0; i < 3; i++) {
                Group row = reader.read();
                assertThat(row.getLong("id", 0)).isEqualTo(100 + i);
                assertThat(row.getString("key", 0)).isEqualTo("photo " + i);
                assertThat(row.getInteger("label", 0)).isEqualTo(i * 3);
                assertThat(row.getInteger("height", 0)).isEqualTo(5);
                assertThat(row.getInteger("width", 0)).isEqualTo(7);
                assertThat(row.getInteger("channels", 0)).isEqualTo(3);
                assertThat(row.getBinary("image", 0).getBytes())
                        .isEqualTo(Arrays.copyOfRange(pixels, i * 105, (i + 1) * 105));
            }
            assertThat(reader.read()).isNull();
        }
    }

    @Test
    void severalLabelsAndWeightsComeBack() {
        Path file = new Path(new Path(folder.toUri()), "several.parquet");
        ImageShape shape = new ImageShape(1, 2, 1, 16);
        Shard shard;
        try (ShardWriter writer =
                new ShardWriter(conf, file, new ShardFormat(shape, LabelKind.MULTI, 3, true, false))) {
            writer.write(ImageRow.ofClasses(0, "a", new byte[] {1, 0, -1}, new byte[] {1, 2, 3, 4}));
            writer.write(ImageRow.ofClasses(1, "b", new byte[] {0, 0, 1}, new byte[] {5, 6, 7, 8})
                    .withWeight(2.5f));
            shard = writer.finish();
        }
        DatasetDescription description = DatasetDescription.of(
                "several",
                "here",
                List.of("x", "y", "z"),
                LabelKind.MULTI,
                true,
                shape,
                List.of(0.5),
                List.of(0.5),
                Map.of("train", List.of(shard), "test", List.of(new Shard("other.parquet", 1, 1, "0".repeat(64)))),
                Optional.empty());

        DecodedShard read = new ShardReader(conf, new Path(folder.toUri()), description).read(shard);

        assertThat(read.multiLabels()).containsExactly(1, 0, -1, 0, 0, 1);
        assertThat(read.labels()).isEmpty();
        assertThat(read.weights()).containsExactly(1f, 2.5f);
        assertThat(read.pixels()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(description::requirePlainLabels)
                .withMessageContaining("data set several has several labels an image");
    }

    private Shard write(ImageShape shape, int rows) {
        byte[] pixels = pixels(shape, rows);
        byte[] image = new byte[shape.bytes()];
        Path file = new Path(new Path(folder.toUri()), "shard-" + UUID.randomUUID() + ".parquet");
        try (ShardWriter writer = new ShardWriter(conf, file, ShardFormat.plain(shape, 10))) {
            for (int i = 0; i < rows; i++) {
                System.arraycopy(pixels, i * image.length, image, 0, image.length);
                writer.write(ImageRow.ofClass(100 + i, "photo " + i, i * 3 % 10, image));
            }
            return writer.finish();
        }
    }

    private DecodedShard read(ImageShape shape, Shard shard) {
        return new ShardReader(conf, new Path(folder.toUri()), ShardReaderTest.description(shape, shard)).read(shard);
    }

    private Path path(Shard shard) {
        return new Path(new Path(folder.toUri()), shard.file());
    }

    /** Noise: what compression can't shrink, so that sizes are those of real photographs. */
    private static byte[] pixels(ImageShape shape, int rows) {
        byte[] pixels = new byte[rows * shape.bytes()];
        new Random(7).nextBytes(pixels);
        return pixels;
    }
}
