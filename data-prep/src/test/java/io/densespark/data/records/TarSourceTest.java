package io.densespark.data.records;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdOutputStream;
import io.densespark.data.DatasetDescription;
import io.densespark.data.decode.PixelFormat;
import io.densespark.data.fixture.ImageFiles;
import io.densespark.data.fixture.LocalSpark;
import io.densespark.data.prepare.RecordSettings;
import io.densespark.data.prepare.RecordsPrepare;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarSourceTest {
    private final SparkSession spark = LocalSpark.session();
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    @TempDir
    private java.nio.file.Path folder;

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] image(int color) {
        return ImageFiles.png(4, 4, color);
    }

    private byte[] tar() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                TarArchiveEntry header = new TarArchiveEntry(entry.getKey());
                header.setSize(entry.getValue().length);
                tar.putArchiveEntry(header);
                tar.write(entry.getValue());
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private Path write(String name, byte[] bytes) throws IOException {
        Files.write(folder.resolve(name), bytes);
        return new Path(folder.resolve(name).toUri());
    }

    private Map<String, ImageRecord> records(boolean withImages) {
        return TarSource.open(spark, new Path(folder.toUri())).records(withImages).collectAsList().stream()
                .map(ImageRecord::of)
                .collect(Collectors.toMap(ImageRecord::key, record -> record));
    }

    @Test
    void webDatasetsSamplesHaveTheirImageAndTheClassOfTheEntryBesideIt() throws IOException {
        entries.put("000.jpg", image(1));
        entries.put("000.cls", text("7\n"));
        entries.put("001.cls", text("12"));
        entries.put("001.json", text("{}"));
        entries.put("001.PNG", image(2));
        entries.put("001.seg.png", image(3));
        write("train-000042.tar", tar());

        Map<String, ImageRecord> records = records(true);

        assertThat(records).containsOnlyKeys("train-000042.tar/000.jpg", "train-000042.tar/001.PNG");
        ImageRecord first = records.get("train-000042.tar/000.jpg");
        assertThat(first.image()).isEqualTo(image(1));
        assertThat(first.present()).containsExactly("7");
        assertThat(first.split()).contains("train");
        ImageRecord second = records.get("train-000042.tar/001.PNG");
        assertThat(second.image()).isEqualTo(image(2));
        assertThat(second.present()).containsExactly("12");
        assertThat(records(false).values())
                .hasSize(2)
                .allMatch(record -> record.image() == null && record.problem().isEmpty());
    }

    @Test
    void elsewhereTheFolderIsTheClassAndTheOneAboveItMayBeTheSplit() throws IOException {
        entries.put("./pets/cat/1.png", image(1));
        entries.put("val/dog/2.v2.png", image(2));
        entries.put("val/dog/2.png", image(3));
        entries.put("__MACOSX/dog/._2.png", image(4));
        entries.put("val/dog/.DS_Store", text("x"));
        entries.put("pets/test/cat/_9.png", image(6));
        entries.put("val/" + "long".repeat(40) + "/3.png", image(5));
        write("pets.tar", tar());

        Map<String, ImageRecord> records = records(true);

        assertThat(records)
                .containsOnlyKeys(
                        "pets.tar/./pets/cat/1.png",
                        "pets.tar/val/dog/2.png",
                        "pets.tar/pets/test/cat/_9.png",
                        "pets.tar/val/" + "long".repeat(40) + "/3.png");
        assertThat(records.get("pets.tar/./pets/cat/1.png").present()).containsExactly("cat");
        assertThat(records.get("pets.tar/./pets/cat/1.png").split()).isEmpty();
        assertThat(records.get("pets.tar/pets/test/cat/_9.png").split()).contains("test");
        ImageRecord dog = records.get("pets.tar/val/dog/2.png");
        assertThat(dog.present()).containsExactly("dog");
        assertThat(dog.split()).contains("validation");
        assertThat(dog.image()).isEqualTo(image(3));
    }

    @Test
    void compressedArchivesHoldTheSame() throws IOException {
        entries.put("a/1.png", image(1));
        entries.put("b/2.png", image(2));
        write("p.tar", tar());
        write("q.tar.gz", compressed(tar(), true));
        write("r.tgz", compressed(tar(), true));
        write("s.tar.zst", compressed(tar(), false));

        Map<String, ImageRecord> records = records(true);

        for (String archive : List.of("p.tar", "q.tar.gz", "r.tgz", "s.tar.zst")) {
            assertThat(records.get(archive + "/a/1.png").image()).as(archive).isEqualTo(image(1));
            assertThat(records.get(archive + "/b/2.png").present()).as(archive).containsExactly("b");
        }
        assertThat(records).hasSize(8);
    }

    private static byte[] compressed(byte[] bytes, boolean gzip) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream compressor = gzip ? new GZIPOutputStream(out) : new ZstdOutputStream(out)) {
            compressor.write(bytes);
        }
        return out.toByteArray();
    }

    @Test
    void whatIsWrongWithASampleIsItsProblem() throws IOException {
        entries.put("0.cls", text("1"));
        entries.put("1.png", image(1));
        entries.put("2.png", image(2));
        entries.put("2.jpg", image(2));
        entries.put("2.cls", text("1"));
        entries.put("3.png", image(1));
        entries.put("3.cls", text(" "));
        write("a.tar", tar());

        Map<String, ImageRecord> records = records(false);

        assertThat(records.get("a.tar//0").problem()).contains("it has a class, but no image");
        assertThat(records.get("a.tar/1.png").problem().orElseThrow()).startsWith("its label is missing");
        assertThat(records.get("a.tar/2.jpg").problem()).contains("it has 2 images");
        assertThat(records.get("a.tar/3.png").problem().orElseThrow()).startsWith("its label is missing");
    }

    @Test
    void anArchiveThatIsCutOffIsNamedWithTheEntryBehindWhichItCannotBeRead() throws IOException {
        for (int i = 0; i < 20; i++) {
            entries.put("cat/" + i + ".png", image(i));
            entries.put("dog/" + i + ".png", image(100 + i));
        }
        byte[] whole = tar();
        byte[] half = Arrays.copyOf(whole, 10 * 1024 + 600);
        byte[] zip = compressed(whole, true);
        byte[] notEvenHalf = Arrays.copyOf(zip, zip.length / 2);

        byte[] twoEntries = Arrays.copyOf(whole, 2 * 1024);
        byte[] wrongHeader = whole.clone();
        wrongHeader[2 * 1024] = 'f';

        assertDamaged("half.tar", half, "cat/5.png");
        assertDamaged("two.tar", twoEntries, "dog/0.png");
        assertDamaged("header.tar", wrongHeader, "dog/0.png");
        assertDamaged("half.tar.gz", notEvenHalf, ".png");
        assertDamaged("none.tgz", whole, "its beginning");
        assertDamaged("none.tar", text("no archive at all, but long enough ".repeat(100)), "its beginning");
    }

    private void assertDamaged(String name, byte[] bytes, String entry) throws IOException {
        Path archive = write(name, bytes);
        RecordSettings settings = new RecordSettings(
                PixelFormat.RGB8,
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                1,
                OptionalDouble.of(0.9),
                false,
                false);
        Path out = new Path(folder.resolve("out").toUri());

        assertRefused(
                () -> RecordsPrepare.run(spark, TarSource.open(spark, archive), out, settings), name, "behind", entry);
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void archivesBecomeShards() throws IOException {
        for (int i = 0; i < 20; i++) {
            entries.put("cat/" + i + ".png", image(0x100000 + i));
            entries.put("dog/" + i + ".png", image(0x200000 + i));
        }
        Path archive = write("pets.tar", tar());
        RecordSettings settings = new RecordSettings(
                PixelFormat.RGB8,
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                1,
                OptionalDouble.empty(),
                false,
                false);

        DatasetDescription made = RecordsPrepare.run(
                spark,
                TarSource.open(spark, archive),
                new Path(folder.resolve("out").toUri()),
                settings);

        assertThat(made.name()).isEqualTo("pets");
        assertThat(made.classes()).containsExactly("cat", "dog");
        assertThat(made.count(DatasetDescription.TRAIN)).isEqualTo(36);
        assertThat(made.count(DatasetDescription.TEST)).isEqualTo(4);
    }
}
