package io.densespark.data.source;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.data.DataException;
import io.densespark.data.fixture.BigDlFolder;
import io.densespark.data.fixture.BigDlFolder.Item;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.BytesWritable;
import org.apache.hadoop.io.SequenceFile;
import org.apache.hadoop.io.SequenceFile.CompressionType;
import org.apache.hadoop.io.SequenceFile.Writer;
import org.apache.hadoop.io.Text;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BigDlRecordsTest {
    private final Configuration conf = new Configuration();

    @TempDir
    private java.nio.file.Path folder;

    private java.nio.file.Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("a.seq");
    }

    @Test
    void widthComesBeforeHeightAndBlueBeforeGreenBeforeRed() throws IOException {
        byte[] value = {0, 0, 0, 2, 0, 0, 0, 1, 10, 20, 30, 40, 50, 60};
        BigDlFolder.write(file, CompressionType.RECORD, List.of(new Item("9", ByteBuffer.wrap(value))));
        try (BigDlRecords records = open()) {
            assertThat(records.next()).isTrue();
            assertThat(records.label()).isEqualTo(9);
            assertThat(records.shape().height()).isEqualTo(1);
            assertThat(records.shape().width()).isEqualTo(2);
            byte[] pixels = new byte[6];
            records.copyPixels(pixels);
            assertThat(pixels).containsExactly(30, 20, 10, 60, 50, 40);
            assertThat(records.next()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void syncMarksBetweenRecordsAndAtTheEndAreNoRecords(boolean isAtTheEnd) throws IOException {
        try (Writer writer = writer(Text.class, Text.class)) {
            for (Item item : BigDlFolder.images(0, 3)) {
                writer.sync();
                writer.append(new Text(item.key()), new Text(item.value().array()));
            }
            if (isAtTheEnd) {
                writer.sync();
            }
        }
        assertThat(readAll()).isEqualTo(3);
    }

    @Test
    void aFileOfAnotherKindIsNamed() throws IOException {
        for (byte[] bytes : List.of(new byte[0], "SE".getBytes(StandardCharsets.UTF_8), new byte[] {1, 2, 3, 4, 5})) {
            BigDlFolder.replace(file, bytes);
            assertRefused(this::open, "a.seq is not a SequenceFile");
        }
    }

    @Test
    void otherKeysOrValuesThanTextAreNamed() throws IOException {
        writer(BytesWritable.class, Text.class).close();
        assertRefused(this::open, "a.seq holds", "BytesWritable", "Text");
        writer(Text.class, BytesWritable.class).close();
        assertRefused(this::open, "a.seq holds", "BytesWritable", "Text");
    }

    @Test
    void aClassInTheHeaderThatIsNotThereIsNamed() throws IOException {
        writer(BytesWritable.class, Text.class).close();
        String header = Files.readString(file, StandardCharsets.ISO_8859_1);
        BigDlFolder.replace(
                file, header.replace("io.BytesWritable", "io.OtherWritable").getBytes(StandardCharsets.ISO_8859_1));
        assertRefused(this::open, "a.seq has a header that can't be used", "OtherWritable");
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void aFileCutAnywhereIsNamedOrHasFewerWholeRecords(CompressionType compression) throws IOException {
        BigDlFolder.write(file, compression, BigDlFolder.images(0, 3));
        byte[] whole = Files.readAllBytes(file);
        Set<Integer> records = new HashSet<>();
        for (int length = 3; length < whole.length; length++) {
            BigDlFolder.replace(file, Arrays.copyOf(whole, length));
            try {
                records.add(readAll());
            } catch (DataException e) {
                assertThat(e.getMessage())
                        .contains("a.seq")
                        .contains("truncated")
                        .doesNotContain("\n");
            }
        }
        // Between two records a cut can't be seen; a block has all three.
        assertThat(records).isEqualTo(compression == CompressionType.BLOCK ? Set.of(0) : Set.of(0, 1, 2));
    }

    @Test
    void everyDamagedByteIsRefusedOrChangesAValueOnly() throws IOException {
        BigDlFolder.write(file, CompressionType.NONE, List.of(item("1"), item("2")));
        byte[] whole = Files.readAllBytes(file);
        int refused = 0;
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            // Neither makes a length of gigabytes: at its highest byte it is negative or 16 MB.
            damaged[i] ^= (byte) (i % 4 == 3 ? 1 : 0x80);
            BigDlFolder.replace(file, damaged);
            try {
                assertThat(readAll()).as("byte %d", i).isEqualTo(2);
            } catch (DataException e) {
                assertThat(e.getMessage()).contains("a.seq").doesNotContain("\n");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(whole.length / 3);
    }

    @Test
    void aFileThatFailsItsChecksumIsNamed() throws IOException {
        BigDlFolder.write(file, CompressionType.NONE, List.of(item("1"), item("2")));
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1]++;
        Files.write(file, bytes);
        assertRefused(this::readAll, "a.seq", "Checksum error");
    }

    @Test
    void damagedCompressionIsNamedWithItsRecord() throws IOException {
        BigDlFolder.write(file, CompressionType.RECORD, List.of(item("1"), item("2")));
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 20] ^= 0x55;
        BigDlFolder.replace(file, bytes);
        assertRefused(this::readAll, "a.seq record 1 can't be read", "damaged");
    }

    @ParameterizedTest
    @CsvSource({"0,4", "6,0", "-6,4", "6,-4"})
    void sizesThatAreNotPositiveAreNamedWithTheirRecord(int width, int height) throws IOException {
        BigDlFolder.write(file, CompressionType.RECORD, List.of(item("1"), sized(width, height, 80)));
        assertRefused(this::readAll, "a.seq record 1", width + " wide and " + height + " high");
    }

    @ParameterizedTest
    @ValueSource(ints = {79, 81, 77, 83})
    void aValueOfAnotherLengthThanItsSizesSayIsNamedWithItsRecord(int bytes) throws IOException {
        BigDlFolder.write(file, CompressionType.RECORD, List.of(item("1"), sized(6, 4, bytes)));
        assertRefused(this::readAll, "a.seq record 1", "a value of " + bytes + " bytes", "8 + 3 x 6 x 4");
    }

    @Test
    void sizesWhoseProductOverflowsAreNamedWithTheirRecord() throws IOException {
        BigDlFolder.write(file, CompressionType.NONE, List.of(sized(Integer.MAX_VALUE, Integer.MAX_VALUE, 8 + 3)));
        assertRefused(this::readAll, "a.seq record 0", "8 + 3 x 2147483647 x 2147483647");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7})
    void aValueWithoutSizesIsNamedWithItsRecord(int bytes) throws IOException {
        BigDlFolder.write(file, CompressionType.BLOCK, List.of(item("1"), new Item("1", ByteBuffer.allocate(bytes))));
        assertRefused(this::readAll, "a.seq record 1", "a value of " + bytes + " bytes");
    }

    private static Item item(String key) {
        return new Item(key, BigDlFolder.value(1, BigDlFolder.HEIGHT, BigDlFolder.WIDTH));
    }

    private static Item sized(int width, int height, int bytes) {
        return new Item("1", ByteBuffer.allocate(bytes).putInt(width).putInt(height));
    }

    private int readAll() throws IOException {
        int count = 0;
        try (BigDlRecords records = open()) {
            while (records.next()) {
                count++;
            }
        }
        return count;
    }

    private Writer writer(Class<?> key, Class<?> value) throws IOException {
        return SequenceFile.createWriter(
                conf,
                Writer.file(path()),
                Writer.keyClass(key),
                Writer.valueClass(value),
                Writer.compression(CompressionType.NONE));
    }

    private BigDlRecords open() throws IOException {
        return new BigDlRecords(conf, path().getFileSystem(conf).getFileStatus(path()));
    }

    private Path path() {
        return new Path(file.toUri());
    }
}
