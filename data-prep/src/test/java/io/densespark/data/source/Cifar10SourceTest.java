package io.densespark.data.source;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.data.ImageShape;
import io.densespark.data.fixture.CifarFolder;
import java.io.IOException;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar10SourceTest {
    private final Configuration conf = new Configuration();

    @TempDir
    private java.nio.file.Path folder;

    @Test
    void trainImagesComeFileAfterFileWithPlanesInterleaved() {
        CifarFolder.write(folder, 3);
        ImageSource source = open();
        assertThat(source.shape()).isEqualTo(new ImageShape(32, 32, 3));
        assertThat(source.count("train")).isEqualTo(15);
        assertImages(source, "train", 0, 15);
    }

    @Test
    void testImagesAreThoseOfTheTestFile() {
        CifarFolder.write(folder, 3);
        assertThat(open().count("test")).isEqualTo(3);
        assertImages(open(), "test", 1000, 3);
    }

    @Test
    void classNamesAreTheUsualOnesWithoutAMetaFile() {
        CifarFolder.write(folder, 1);
        assertThat(open().classes())
                .startsWith("airplane", "automobile", "bird")
                .hasSize(10);
    }

    @Test
    void classNamesAreTakenFromTheMetaFile() throws IOException {
        CifarFolder.write(folder, 1);
        Files.writeString(folder.resolve("batches.meta.txt"), "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n");
        assertThat(open().classes()).containsExactly("a", "b", "c", "d", "e", "f", "g", "h", "i", "j");
    }

    @Test
    void aMetaFileWithNineNamesIsRefused() throws IOException {
        CifarFolder.write(folder, 1);
        Files.writeString(folder.resolve("batches.meta.txt"), "a\nb\nc\nd\ne\nf\ng\nh\ni\n");
        assertRefused(this::open, "batches.meta.txt", "[a, b, c, d, e, f, g, h, i]");
    }

    @Test
    void aMissingFolderIsNamed() {
        assertRefused(() -> Cifar10Source.open(conf, new Path(path(), "nowhere")), "nowhere doesn't exist");
    }

    @Test
    void aFileInPlaceOfTheFolderIsNamed() {
        CifarFolder.write(folder, 1);
        assertRefused(() -> Cifar10Source.open(conf, new Path(path(), "test_batch.bin")), "test_batch.bin is a file");
    }

    @Test
    void anUnknownFileSystemIsNamed() {
        assertRefused(() -> Cifar10Source.open(conf, new Path("nosuch://host/cifar")), "nosuch://host/cifar", "nosuch");
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        CifarFolder.write(folder, 1);
        Files.delete(folder.resolve("data_batch_4.bin"));
        assertRefused(this::open, "data_batch_4.bin is missing");
    }

    @Test
    void aFileCutWithinARecordIsNamedWithItsLength() throws IOException {
        CifarFolder.write(folder, 2);
        CifarFolder.resize(folder.resolve("data_batch_3.bin"), 2 * CifarFolder.RECORD - 1);
        assertRefused(this::open, "data_batch_3.bin has 6145 bytes");
    }

    @Test
    void aFileCutBetweenRecordsIsNamedWithItsRecords() throws IOException {
        CifarFolder.write(folder, 2);
        CifarFolder.resize(folder.resolve("test_batch.bin"), CifarFolder.RECORD);
        assertRefused(this::open, "test_batch.bin has 1 records", "data_batch_1.bin has 2");
    }

    @Test
    void trailingBytesAreRefused() throws IOException {
        CifarFolder.write(folder, 2);
        CifarFolder.resize(folder.resolve("data_batch_5.bin"), 2 * CifarFolder.RECORD + 1);
        assertRefused(this::open, "data_batch_5.bin has 6147 bytes");
    }

    @Test
    void anEmptyFileIsRefused() throws IOException {
        CifarFolder.write(folder, 2);
        CifarFolder.resize(folder.resolve("data_batch_1.bin"), 0);
        assertRefused(this::open, "data_batch_1.bin has 0 bytes");
    }

    @Test
    void aLabelAboveNineIsNamedWithItsRecord() throws IOException {
        CifarFolder.write(folder, 2);
        java.nio.file.Path file = folder.resolve("data_batch_2.bin");
        byte[] bytes = Files.readAllBytes(file);
        bytes[CifarFolder.RECORD] = (byte) 200;
        Files.write(file, bytes);
        try (ImageReader images = open().open("train")) {
            byte[] pixels = new byte[3072];
            for (int i = 0; i < 3; i++) {
                images.next(pixels);
            }
            assertRefused(() -> images.next(pixels), "data_batch_2.bin", "label 200 at record 1");
        }
    }

    @Test
    void anUnknownSplitIsRefused() {
        CifarFolder.write(folder, 1);
        assertRefused(() -> open().open("valid"), "no split 'valid'");
    }

    private static void assertImages(ImageSource source, String split, int first, int count) {
        byte[] pixels = new byte[source.shape().bytes()];
        try (ImageReader images = source.open(split)) {
            for (int i = first; i < first + count; i++) {
                assertThat(images.next(pixels)).isEqualTo(CifarFolder.label(i));
                assertThat(pixels).isEqualTo(CifarFolder.pixels(i));
            }
            assertThat(images.next(pixels)).isEqualTo(-1);
        }
    }

    private ImageSource open() {
        return Cifar10Source.open(conf, path());
    }

    private Path path() {
        return new Path(folder.toUri());
    }
}
