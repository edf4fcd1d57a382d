package io.densespark.data.source;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.data.ImageShape;
import io.densespark.data.decode.ImageResizer;
import io.densespark.data.decode.PixelFormat;
import io.densespark.data.fixture.BigDlFolder;
import io.densespark.data.fixture.BigDlFolder.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.SequenceFile.CompressionType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BigDlSourceTest {
    private static final int HEIGHT = BigDlFolder.HEIGHT;
    private static final int WIDTH = BigDlFolder.WIDTH;

    private final Configuration conf = new Configuration();

    @TempDir
    private java.nio.file.Path folder;

    @BeforeEach
    void writeFolder() throws IOException {
        BigDlFolder.write(folder);
    }

    @Test
    void imagesComeFileAfterFileAsRgbWithLabelsFromZero() {
        ImageSource source = open();
        assertThat(source.name()).isEqualTo("bigdl");
        assertThat(source.shape()).isEqualTo(new ImageShape(HEIGHT, WIDTH, 3));
        assertThat(source.classes()).containsExactly("1", "2", "3");
        assertImages(source, "train", 0, 10);
        assertImages(source, "test", 100, 3);
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void filesAreReadHoweverTheyAreCompressed(CompressionType compression) throws IOException {
        write("train/part-0_0.seq", compression, BigDlFolder.images(0, 6));
        assertImages(open(), "train", 0, 10);
    }

    @Test
    void filesOfOtherNamesAndFilesWithoutRecordsArePassedOver() throws IOException {
        Files.writeString(folder.resolve("train/_SUCCESS"), "");
        Files.writeString(folder.resolve("train/_part.seq"), "hidden");
        Files.writeString(folder.resolve("train/readme.txt"), "no images");
        write("train/part-0_00.seq", CompressionType.NONE, List.of());
        write("train/part-9.seq", CompressionType.BLOCK, List.of());
        assertImages(open(), "train", 0, 10);
    }

    @Test
    void theTestSplitMayLieInAFolderNamedTest() throws IOException {
        Files.move(folder.resolve("val"), folder.resolve("test"));
        assertImages(open(), "test", 100, 3);
    }

    @Test
    void foldersValAndTestTogetherAreRefused() throws IOException {
        Files.createDirectories(folder.resolve("test"));
        assertRefused(this::open, "both folders val and test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "3.0", "3.", "003", "name.jpg\n3", "name.jpg\n3.0", "\n3"})
    void labelsAreReadAsBigDlReadsThem(String key) throws IOException {
        write("train/part-0_0.seq", CompressionType.NONE, List.of(item(key)));
        try (ImageReader images = open().open("train")) {
            assertThat(images.next(new byte[HEIGHT * WIDTH * 3])).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "1.5", "1e2", "n01440764", "3\nname.jpg", "name\n", "9999999", "12345678"})
    void aLabelThatIsNoneIsNamedWithItsRecord(String key) throws IOException {
        write("train/part-0_1.seq", CompressionType.RECORD, List.of(item("2"), item(key)));
        String label = key.substring(key.indexOf('\n') + 1);
        assertRefused(this::open, "part-0_1.seq record 1", "'" + label + "'", "whole number from 1");
    }

    @Test
    void classesGoUpToTheLargestTrainLabel() throws IOException {
        write("train/part-0_1.seq", CompressionType.RECORD, List.of(item("7"), item("2")));
        assertThat(open().classes()).containsExactly("1", "2", "3", "4", "5", "6", "7");
    }

    @Test
    void aTestLabelAboveAllTrainLabelsIsNamedWithItsRecord() throws IOException {
        write("val/part-0_1.seq", CompressionType.RECORD, List.of(item("3"), item("5"), item("4")));
        assertRefused(this::open, "val/part-0_1.seq record 1 has label 5", "above 3");
    }

    @Test
    void imagesOfDifferentSizesAreNamedWithTheRemedy() throws IOException {
        Item odd = new Item("1", BigDlFolder.value(0, 5, 7));
        write("train/part-0_1.seq", CompressionType.RECORD, List.of(item("1"), odd));
        assertRefused(
                this::open,
                "train/part-0_1.seq record 1 has an image of 5x7x3",
                "train/part-0_0.seq record 0 one of 4x6x3",
                "set an image size");
        write("train/part-0_1.seq", CompressionType.RECORD, List.of(item("1")));
        write("val/part-0_0.seq", CompressionType.RECORD, List.of(odd));
        assertRefused(
                this::open, "val/part-0_0.seq record 0 has an image of 5x7x3", "one of 4x6x3", "set an image size");
    }

    @Test
    void anImageSizeBringsAllImagesToIt() throws IOException {
        write(
                "train/part-0_0.seq",
                CompressionType.RECORD,
                List.of(new Item("1", BigDlFolder.value(5, 9, 4)), new Item("2", BigDlFolder.value(6, 3, 3))));
        write("train/part-0_1.seq", CompressionType.RECORD, List.of(new Item("3", BigDlFolder.value(7, 4, 7))));
        ImageSource source = BigDlSource.open(conf, path(), OptionalInt.of(4));
        assertThat(source.shape()).isEqualTo(new ImageShape(4, 4, 3));
        assertThat(source.count("train")).isEqualTo(3);
        byte[] pixels = new byte[48];
        try (ImageReader images = source.open("train")) {
            assertThat(images.next(pixels)).isEqualTo(0);
            // The middle rows and columns as they were: the shorter side has the size already.
            assertThat(pixels).isEqualTo(cut(BigDlFolder.pixels(5, 9, 4), 4, 2, 0));
            assertThat(images.next(pixels)).isEqualTo(1);
            byte[] scaled = new byte[48];
            ImageResizer.toCentralSquare(4).resize(BigDlFolder.pixels(6, 3, 3), 3, 3, PixelFormat.RGB8, scaled);
            assertThat(pixels).isEqualTo(scaled);
            assertThat(images.next(pixels)).isEqualTo(2);
            assertThat(pixels).isEqualTo(cut(BigDlFolder.pixels(7, 4, 7), 7, 0, 1));
            assertThat(images.next(pixels)).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -4, 8193})
    void anImageSizeOutOfRangeIsRefused(int size) {
        assertRefused(() -> BigDlSource.open(conf, path(), OptionalInt.of(size)), "image size is " + size, "1 to 8192");
    }

    @Test
    void missingFoldersAreNamed() throws IOException {
        assertRefused(
                () -> BigDlSource.open(conf, new Path(path(), "nowhere"), OptionalInt.empty()),
                "nowhere doesn't exist",
                "train and val");
        Files.move(folder.resolve("val"), folder.resolve("validation"));
        assertRefused(this::open, "/val doesn't exist", "val or test");
        Files.move(folder.resolve("train"), folder.resolve("training"));
        assertRefused(this::open, "/train doesn't exist");
    }

    @Test
    void aFileInPlaceOfAFolderIsNamed() throws IOException {
        Files.move(folder.resolve("val"), folder.resolve("validation"));
        Files.writeString(folder.resolve("val"), "");
        assertRefused(this::open, "/val is a file");
    }

    @Test
    void aFolderWithoutSequenceFilesIsNamed() throws IOException {
        Files.delete(folder.resolve("val/part-0_0.seq"));
        assertRefused(this::open, "/val has no .seq file");
    }

    @Test
    void aSplitWithoutRecordsIsNamed() throws IOException {
        write("val/part-0_0.seq", CompressionType.NONE, List.of());
        assertRefused(this::open, "/val", ".seq files without records");
    }

    @Test
    void anUnknownSplitIsRefused() {
        assertRefused(() -> open().open("val"), "no split 'val'", "train or test");
    }

    @Test
    void filesThatChangeAfterTheyWereOpenedAreNamed() throws IOException {
        write("val/part-0_0.seq", CompressionType.NONE, List.of(item("1")));
        ImageSource source = open();
        // Both are as long as the file that was there.
        Item turned = new Item("1", BigDlFolder.value(0, /* height= */ WIDTH, /* width= */ HEIGHT));
        write("val/part-0_0.seq", CompressionType.NONE, List.of(turned));
        assertRefused(() -> readAll(source), "val/part-0_0.seq record 0", "changed while it was read");
        write("val/part-0_0.seq", CompressionType.NONE, List.of(item("4")));
        assertRefused(() -> readAll(source), "val/part-0_0.seq record 0", "changed while it was read");
        write("val/part-0_0.seq", CompressionType.NONE, List.of());
        assertRefused(() -> readAll(source), "val/part-0_0.seq record 0", "copy it again");
    }

    private static void readAll(ImageSource source) {
        byte[] pixels = new byte[source.shape().bytes()];
        try (ImageReader images = source.open("test")) {
            int label = 0;
            while (label >= 0) {
                label = images.next(pixels);
            }
        }
    }

    /** The 4 x 4 pixels from a place on, of an image {@code [H, W, 3]}. */
    private static byte[] cut(byte[] image, int width, int top, int left) {
        byte[] square = new byte[48];
        for (int y = 0; y < 4; y++) {
            System.arraycopy(image, ((top + y) * width + left) * 3, square, y * 12, 12);
        }
        return square;
    }

    private static void assertImages(ImageSource source, String split, int first, int count) {
        assertThat(source.count(split)).isEqualTo(count);
        byte[] pixels = new byte[source.shape().bytes()];
        try (ImageReader images = source.open(split)) {
            for (int i = first; i < first + count; i++) {
                assertThat(images.next(pixels)).isEqualTo(BigDlFolder.label(i));
                assertThat(pixels).isEqualTo(BigDlFolder.pixels(i, HEIGHT, WIDTH));
            }
            assertThat(images.next(pixels)).isEqualTo(-1);
        }
    }

    private static Item item(String key) {
        return new Item(key, BigDlFolder.value(1, HEIGHT, WIDTH));
    }

    private void write(String file, CompressionType compression, List<Item> items) throws IOException {
        BigDlFolder.write(folder.resolve(file), compression, items);
    }

    private ImageSource open() {
        return BigDlSource.open(conf, path(), OptionalInt.empty());
    }

    private Path path() {
        return new Path(folder.toUri());
    }
}
