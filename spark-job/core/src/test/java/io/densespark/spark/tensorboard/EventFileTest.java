package io.densespark.spark.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.spark.tensorboard.EventReader.Event;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {
    @TempDir
    private Path folder;

    /** The vectors of RFC 3720, appendix B.4, and the usual check value. */
    @Test
    void theReferenceChecksumGivesTheKnownValues() {
        byte[] ones = new byte[32];
        java.util.Arrays.fill(ones, (byte) 0xff);

        assertThat(Crc32cTable.of("123456789".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(0xe3069283);
        assertThat(Crc32cTable.of(new byte[32])).isEqualTo(0x8a9136aa);
        assertThat(Crc32cTable.of(ones)).isEqualTo(0x62a8ab43);
    }

    @Test
    void aRecordIsLengthDataAndTheirMaskedChecksums() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        TfRecords.write(new byte[] {1, 2, 3}, out);

        byte[] length = {3, 0, 0, 0, 0, 0, 0, 0};
        assertThat(HexFormat.of().formatHex(out.toByteArray()))
                .isEqualTo("0300000000000000" + hex(Crc32cTable.masked(length)) + "010203"
                        + hex(Crc32cTable.masked(new byte[] {1, 2, 3})));
    }

    private static String hex(int value) {
        return HexFormat.of().toHexDigits(Integer.reverseBytes(value));
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        Map<String, Double> scalars = new LinkedHashMap<>();
        scalars.put("step/loss", 0.1);
        scalars.put("a tag beyond ASCII: Größe", -3e38);
        EventFile file = new EventFile(1_500);
        file.add(2_250, 1, scalars);
        file.add(3_000, 1L << 40, Map.of("step/loss", Double.NaN));

        assertThat(written(file))
                .containsExactly(
                        new Event(1.5, 0, "brain.Event:2", Map.of()),
                        new Event(2.25, 1, "", Map.of("step/loss", 0.1f, "a tag beyond ASCII: Größe", -3e38f)),
                        new Event(3, 1L << 40, "", Map.of("step/loss", Float.NaN)));
    }

    @Test
    void aFileIsReplacedAndHasNoChecksumFileBesideIt() throws IOException {
        EventFile longer = new EventFile(0);
        longer.add(0, 1, Map.of("tag", 1.0));
        written(longer);

        assertThat(written(new EventFile(0))).hasSize(1);
        assertThat(folder).isDirectoryNotContaining("glob:**.crc").isDirectoryContaining("glob:**tfevents**");
    }

    private List<Event> written(EventFile file) throws IOException {
        Path path = folder.resolve(EventFile.NAME_PREFIX + "test");
        file.write(new org.apache.hadoop.fs.Path(path.toString()), new Configuration());
        return EventReader.read(Files.readAllBytes(path));
    }
}
