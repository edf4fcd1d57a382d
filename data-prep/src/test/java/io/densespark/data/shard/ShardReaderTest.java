package io.densespark.data.shard;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.data.DataException;
import io.densespark.data.DatasetDescription;
import io.densespark.data.ImageShape;
import io.densespark.data.Shard;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardReaderTest {
    private static final ImageShape SHAPE = new ImageShape(4, 4, 1);
    private static final ShardFormat FORMAT = ShardFormat.plain(SHAPE, 10);
    private static final String SHA = "0".repeat(64);

    private final Configuration conf = new Configuration();

    @TempDir
    private java.nio.file.Path folder;

    @Test
    void aMissingShardIsNamed() {
        assertRefused(
                () -> read(new Shard("gone.parquet", 1, 10, SHA)), "gone.parquet is missing", "run prepare again");
    }

    @Test
    void aTruncatedShardIsNamedWithItsLength() throws IOException {
        Shard shard = write(20);
        Files.write(file(shard), Arrays.copyOf(Files.readAllBytes(file(shard)), 50));
        assertRefused(() -> read(shard), shard.file() + " has 50 bytes", "run prepare again");
    }

    @Test
    void oneChangedBitAnywhereIsNoticedOrHarmless() throws IOException {
        Shard shard = write(20);
        byte[] whole = Files.readAllBytes(file(shard));
        byte[] pixels = read(shard).pixels();
        // The pages have checksums; the footer's names and sizes don't, and a change may meet a field nobody reads.
        Files.delete(folder.resolve("." + shard.file() + ".crc"));
        int refused = 0;
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 4;
            Files.write(file(shard), damaged);
            try {
                assertThat(read(shard).pixels()).isEqualTo(pixels);
            } catch (DataException e) {
                assertThat(e.getMessage())
                        .contains(shard.file(), "run prepare again")
                        .doesNotContain("\n");
                refused++;
            }
        }
        // The images' names and numbers are pages that training passes over.
        assertThat(refused).isGreaterThan(whole.length / 3);
    }

    @Test
    void aFileThatIsNotParquetIsNamed() throws IOException {
        Files.write(folder.resolve("text.parquet"), new byte[100]);
        assertRefused(() -> read(new Shard("text.parquet", 1, 100, SHA)), "text.parquet", "run prepare again");
    }

    @Test
    void anotherNumberOfRowsThanDescribedIsNamed() {
        Shard shard = write(20);
        Shard other = new Shard(shard.file(), 21, shard.bytes(), SHA);
        assertRefused(() -> read(other), shard.file() + " has 20 rows", "21");
    }

    @Test
    void aMissingColumnIsNamed() throws IOException {
        Shard shard = writeWith("required binary image; required int32 height; required int32 width;"
                + " required int32 channels; required int64 id; required binary key;");
        assertRefused(() -> read(shard), shard.file() + " has no column 'label'");
    }

    @Test
    void aColumnOfAnotherTypeIsNamed() throws IOException {
        Shard shard = writeWith("required binary image; required int32 height; required int32 width;"
                + " required int32 channels; required int64 label; required int64 id; required binary key;");
        assertRefused(() -> read(shard), shard.file() + " has column 'label' as 'required int64 label'");
    }

    @Test
    void aColumnThatMayBeNullIsNamed() throws IOException {
        Shard shard = writeWith("required binary image; required int32 height; required int32 width;"
                + " required int32 channels; optional int32 label; required int64 id; required binary key;");
        assertRefused(() -> read(shard), shard.file() + " has column 'label' as 'optional int32 label'");
    }

    @Test
    void columnsInAnotherOrderAndColumnsMoreAreRead() throws IOException {
        Shard shard =
                writeWith("required int32 label; required binary image; required int32 width; required int32 more;"
                        + " required int32 height; required int32 channels; required int64 id; required binary key;");
        assertThat(read(shard).labels()).containsExactly(1, 1);
    }

    @Test
    void anImageOfAnotherLengthIsNamedWithItsRow() throws IOException {
        Shard shard = writeRow(15, 4, 1);
        assertRefused(() -> read(shard), shard.file() + " is damaged, row 1 has image of 15 bytes and not of 16");
    }

    @Test
    void anImageOfAnotherSizeIsNamedWithItsRow() throws IOException {
        Shard shard = writeRow(16, 8, 1);
        assertRefused(() -> read(shard), shard.file() + " is damaged, row 1 has height 8 and not 4");
    }

    @Test
    void aLabelThatIsNoClassIsNamedWithItsRow() throws IOException {
        Shard high = writeRow(16, 4, 10);
        assertRefused(() -> read(high), high.file() + " is damaged, row 1 has label 10, which is not in 0 to 9");
        Shard negative = writeRow(16, 4, -1);
        assertRefused(() -> read(negative), negative.file() + " is damaged, row 1 has label -1");
    }

    @Test
    void aShardAboveTwoGigabytesIsRefusedBeforeItIsOpened() {
        Shard shard = new Shard("large.parquet", Integer.MAX_VALUE / 8, 10, SHA);
        assertRefused(() -> read(shard), "large.parquet has 268435455 images of 4x4x1", "fewer rows per shard");
    }

    static DatasetDescription description(ImageShape shape, Shard shard) {
        Shard test = new Shard("other.parquet", 1, 1, SHA);
        return DatasetDescription.of(
                "test",
                "test",
                IntStream.range(0, 10).mapToObj(Integer::toString).toList(),
                shape,
                Collections.nCopies(shape.channels(), 0.5),
                Collections.nCopies(shape.channels(), 0.5),
                Map.of("train", List.of(shard), "test", List.of(test)));
    }

    private DecodedShard read(Shard shard) {
        return new ShardReader(conf, path(), description(SHAPE, shard)).read(shard);
    }

    private Shard write(int rows) {
        try (ShardWriter writer = new ShardWriter(conf, new Path(path(), "shard.parquet"), FORMAT)) {
            for (int i = 0; i < rows; i++) {
                byte[] image = new byte[16];
                Arrays.fill(image, (byte) (i * 11));
                writer.write(ImageRow.ofClass(i, "train/" + i, i % 10, image));
            }
            return writer.finish();
        }
    }

    /** Two rows of the given columns, all of them right. */
    private Shard writeWith(String columns) throws IOException {
        MessageType schema = MessageTypeParser.parseMessageType("message image {" + columns + "}");
        return writeGroups(schema, List.of(group(schema, 16, 4, 1), group(schema, 16, 4, 1)));
    }

    /** A good row and one with the given values. */
    private Shard writeRow(int bytes, int height, int label) throws IOException {
        return writeGroups(
                ShardSchema.all(FORMAT),
                List.of(
                        group(ShardSchema.all(FORMAT), 16, 4, 1),
                        group(ShardSchema.all(FORMAT), bytes, height, label)));
    }

    private static Group group(MessageType schema, int bytes, int height, int label) {
        Group group = new SimpleGroupFactory(schema).newGroup();
        schema.getFields().forEach(column -> {
            switch (column.getName()) {
                case "image" -> group.add("image", Binary.fromConstantByteArray(new byte[bytes]));
                case "height" -> group.add("height", height);
                case "width" -> group.add("width", 4);
                case "key" -> group.add("key", "a");
                case "id" -> group.add("id", 0L);
                case "label" -> {
                    if (column.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT64) {
                        group.add("label", (long) label);
                    } else {
                        group.add("label", label);
                    }
                }
                default -> group.add(column.getName(), 1);
            }
        });
        return group;
    }

    private Shard writeGroups(MessageType schema, List<Group> groups) throws IOException {
        Path file = new Path(path(), "made-" + UUID.randomUUID() + ".parquet");
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(file)
                .withConf(conf)
                .withType(schema)
                .build()) {
            for (Group group : groups) {
                writer.write(group);
            }
        }
        long bytes = Files.size(folder.resolve(file.getName()));
        return new Shard(file.getName(), groups.size(), bytes, SHA);
    }

    private java.nio.file.Path file(Shard shard) {
        return folder.resolve(shard.file());
    }

    private Path path() {
        return new Path(folder.toUri());
    }
}
