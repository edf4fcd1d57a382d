package io.densespark.data.prepare;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.densespark.data.DatasetDescription;
import io.densespark.data.ImageShape;
import io.densespark.data.decode.DecodeSettings;
import io.densespark.data.decode.ImageDecoder;
import io.densespark.data.decode.ImageResizer;
import io.densespark.data.decode.PixelFormat;
import io.densespark.data.fixture.ImageFiles;
import io.densespark.data.fixture.LocalSpark;
import io.densespark.data.records.FolderSource;
import io.densespark.data.shard.ShardReader;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeepEncodedTest {
    private static final int SIZE = 8;

    private static final SparkSession SPARK = LocalSpark.session();

    @TempDir
    private static java.nio.file.Path folder;

    private static DatasetDescription made;

    @BeforeAll
    static void prepareImages() {
        for (int i = 0; i < 12; i++) {
            ImageFiles.write(folder.resolve("in/cat/" + i + ".jpg"), ImageFiles.jpeg(10 + i, 20, i));
            ImageFiles.write(folder.resolve("in/dog/" + i + ".jpg"), ImageFiles.jpeg(20, 10 + i, i));
        }
        made = prepare("in", "out", OptionalDouble.empty());
    }

    @Test
    void shardsHoldTheFilesAndTheirOwnSizes() throws Exception {
        assertThat(made.encoded()).isTrue();
        assertThat(made.shape()).isEqualTo(new ImageShape(SIZE, SIZE, 3));
        List<Group> rows = PreparedRows.of(made, path("out"), "train");
        assertThat(rows).hasSize(22);
        for (Group row : rows) {
            String key = row.getString("key", 0);
            int number = Integer.parseInt(key.substring(4, key.length() - 4));
            boolean isCat = key.startsWith("cat");
            assertThat(row.getBinary("image", 0).getBytes())
                    .isEqualTo(Files.readAllBytes(folder.resolve("in").resolve(key)));
            assertThat(row.getInteger("height", 0)).isEqualTo(isCat ? 10 + number : 20);
            assertThat(row.getInteger("width", 0)).isEqualTo(isCat ? 20 : 10 + number);
            assertThat(row.getInteger("channels", 0)).isEqualTo(3);
            assertThat(row.getInteger("label", 0)).isEqualTo(isCat ? 0 : 1);
        }
    }

    @Test
    void meanAndDeviationAreThoseOfTheImagesInTheSizeOfTraining() throws Exception {
        double[] values = new double[22 * SIZE * SIZE];
        int count = 0;
        ImageDecoder decoder = new ImageDecoder(DecodeSettings.of(PixelFormat.RGB8));
        for (Group row : PreparedRows.of(made, path("out"), "train")) {
            byte[] pixels = ImageResizer.toCentralSquare(SIZE)
                    .resize(decoder.decode(row.getBinary("image", 0).getBytes()))
                    .pixels();
            for (int i = 0; i < pixels.length; i += 3) {
                values[count++] = (pixels[i] & 0xff) / 255.0;
            }
        }
        double mean = 0;
        for (double value : values) {
            mean += value / count;
        }
        double variance = 0;
        for (double value : values) {
            variance += (value - mean) * (value - mean) / count;
        }
        assertThat(made.mean().get(0)).isEqualTo(mean, within(1e-12));
        assertThat(made.std().get(0)).isEqualTo(Math.sqrt(variance), within(1e-12));
    }

    /** A cut file has a whole header. */
    @Test
    void filesThatCannotBeDecodedGoIntoQuarantine() {
        byte[] whole = ImageFiles.jpeg(30, 30, 1);
        ImageFiles.write(folder.resolve("bad/cat/cut.jpg"), Arrays.copyOf(whole, whole.length - 40));
        for (int i = 0; i < 11; i++) {
            ImageFiles.write(folder.resolve("bad/cat/" + i + ".jpg"), whole);
        }

        DatasetDescription rest = prepare("bad", "rest", OptionalDouble.of(0.1));

        assertThat(rest.quarantined()).isEqualTo(1);
        assertThat(PreparedRows.of(rest.quarantine(), path("rest")).get(0).getString("reason", 0))
                .contains("ends after", "before its image does");
        assertThat(rest.count("train") + rest.count("test")).isEqualTo(11);
    }

    @Test
    void aSizeMustBeGiven() {
        assertRefused(() -> settings(OptionalInt.empty(), OptionalDouble.empty()), "size", "encoded images", "missing");
    }

    @Test
    void readersOfPixelsRefuseThem() {
        assertRefused(() -> new ShardReader(new Configuration(), path("out"), made), "encoded images");
    }

    private static DatasetDescription prepare(String in, String out, OptionalDouble maxBad) {
        return RecordsPrepare.run(
                SPARK, FolderSource.open(SPARK, path(in)), path(out), settings(OptionalInt.of(SIZE), maxBad));
    }

    private static RecordSettings settings(OptionalInt imageSize, OptionalDouble maxBad) {
        return new RecordSettings(
                PixelFormat.RGB8,
                imageSize,
                OptionalInt.of(9),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                0,
                maxBad,
                false,
                true);
    }

    private static Path path(String name) {
        return new Path(folder.resolve(name).toUri());
    }
}
