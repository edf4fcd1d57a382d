package io.densespark.data.source;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.data.ImageShape;
import io.densespark.data.fixture.IdxFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxSourceTest {
    private static final String IMAGES = "train-images-idx3-ubyte";
    private static final String LABELS = "train-labels-idx1-ubyte";

    private final Configuration conf = new Configuration();

    @TempDir
    private java.nio.file.Path folder;

    @BeforeEach
    void writeFolder() throws IOException {
        IdxFolder.write(folder, 12, 5);
    }

    @Test
    void imagesAndLabelsAreRead() {
        ImageSource source = open();
        assertThat(source.shape()).isEqualTo(new ImageShape(IdxFolder.HEIGHT, IdxFolder.WIDTH, 1));
        assertThat(source.classes()).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        assertImages(source, "train", 12);
        assertImages(source, "test", 5);
    }

    @Test
    void gzippedFilesAreRead() throws IOException {
        for (String file : List.of(IMAGES, LABELS)) {
            Files.write(folder.resolve(file + ".gz"), IdxFolder.gzip(Files.readAllBytes(folder.resolve(file))));
            Files.delete(folder.resolve(file));
        }
        assertImages(open(), "train", 12);
    }

    @Test
    void theSpellingWithADotIsRead() throws IOException {
        Files.move(folder.resolve(IMAGES), folder.resolve("train-images.idx3-ubyte"));
        Files.move(folder.resolve(LABELS), folder.resolve("train-labels.idx1-ubyte"));
        assertImages(open(), "train", 12);
    }

    @Test
    void aMissingFolderIsNamed() {
        assertRefused(
                () -> IdxSource.open(conf, new Path(path(), "nowhere"), Optional.empty()), "nowhere doesn't exist");
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        Files.delete(folder.resolve("t10k-labels-idx1-ubyte"));
        assertRefused(this::open, "t10k-labels-idx1-ubyte is missing");
    }

    @Test
    void aWrongMagicNumberIsNamed() throws IOException {
        replace(IMAGES, edited(IdxFolder.images(12), 0, 2049));
        assertRefused(this::open, IMAGES, "2049", "2051");
        replace(IMAGES, IdxFolder.images(12));
        replace(LABELS, edited(IdxFolder.labels(12), 0, 2051));
        assertRefused(this::open, LABELS, "2051", "2049");
    }

    @Test
    void differentCountsOfImagesAndLabelsAreNamed() throws IOException {
        replace(LABELS, IdxFolder.labels(11));
        assertRefused(this::open, IMAGES + " has 12 images", LABELS + " has 11 labels");
    }

    @Test
    void splitsWithImagesOfDifferentSizesAreRefused() throws IOException {
        byte[] images = edited(IdxFolder.images(12), 8, IdxFolder.WIDTH);
        replace(IMAGES, edited(images, 12, IdxFolder.HEIGHT));
        assertRefused(this::open, "train images of 4x3x1 and test images of 3x4x1");
    }

    @Test
    void truncatedFilesAreNamed() throws IOException {
        replace(IMAGES, Arrays.copyOf(IdxFolder.images(12), 100));
        assertRefused(this::open, IMAGES + " has 100 bytes", "160");
        replace(IMAGES, Arrays.copyOf(IdxFolder.images(12), 10));
        assertRefused(this::open, IMAGES, "truncated");
        replace(LABELS, Arrays.copyOf(IdxFolder.labels(12), 19));
        assertRefused(this::open, LABELS + " has 19 bytes", "20");
        replace(LABELS, new byte[0]);
        assertRefused(this::open, LABELS, "truncated");
    }

    @Test
    void trailingBytesAreNamed() throws IOException {
        replace(IMAGES, Arrays.copyOf(IdxFolder.images(12), 161));
        assertRefused(this::open, IMAGES + " has 161 bytes", "160");
    }

    @Test
    void gzippedImagesWithTooFewOrTooManyBytesAreNamedOnceRead() throws IOException {
        Files.delete(folder.resolve(IMAGES));
        byte[] images = IdxFolder.images(12);
        byte[] packed = IdxFolder.gzip(images);
        replace(IMAGES + ".gz", IdxFolder.gzip(Arrays.copyOf(images, 159)));
        assertRefused(this::readTrain, IMAGES + ".gz", "truncated");
        replace(IMAGES + ".gz", IdxFolder.gzip(Arrays.copyOf(images, 161)));
        assertRefused(this::readTrain, IMAGES + ".gz has bytes after the last");
        replace(IMAGES + ".gz", Arrays.copyOf(packed, packed.length - 30));
        assertRefused(this::readTrain, IMAGES + ".gz", "truncated");
    }

    @Test
    void gzippedLabelsWithTooFewOrTooManyBytesAreNamed() throws IOException {
        Files.delete(folder.resolve(LABELS));
        replace(LABELS + ".gz", IdxFolder.gzip(Arrays.copyOf(IdxFolder.labels(12), 19)));
        assertRefused(this::open, LABELS + ".gz", "truncated");
        replace(LABELS + ".gz", IdxFolder.gzip(Arrays.copyOf(IdxFolder.labels(12), 21)));
        assertRefused(this::open, LABELS + ".gz has bytes after the last");
    }

    @Test
    void aFileThatIsNotGzipInSpiteOfItsNameIsNamed() throws IOException {
        Files.move(folder.resolve(LABELS), folder.resolve(LABELS + ".gz"));
        assertRefused(this::open, LABELS + ".gz", "Not in GZIP format");
    }

    @Test
    void aLabelFarAboveTheOthersIsNamedWithItsImage() throws IOException {
        byte[] labels = IdxFolder.labels(12);
        labels[8 + 11] = 77;
        replace(LABELS, labels);
        assertRefused(this::open, LABELS + " has label 77 at image 11, and none has label 10", "damaged");
    }

    @Test
    void aTestLabelThatIsNoTrainLabelIsNamedWithItsImage() throws IOException {
        byte[] labels = IdxFolder.labels(5);
        labels[8 + 3] = 10;
        replace("t10k-labels-idx1-ubyte", labels);
        assertRefused(this::open, "t10k-labels-idx1-ubyte has label 10 at image 3, not in 0 to 9");
    }

    private void readTrain() {
        byte[] pixels = new byte[IdxFolder.HEIGHT * IdxFolder.WIDTH];
        try (ImageReader images = open().open("train")) {
            int label = 0;
            while (label >= 0) {
                label = images.next(pixels);
            }
        }
    }

    private static void assertImages(ImageSource source, String split, int count) {
        assertThat(source.count(split)).isEqualTo(count);
        byte[] pixels = new byte[source.shape().bytes()];
        try (ImageReader images = source.open(split)) {
            for (int i = 0; i < count; i++) {
                assertThat(images.next(pixels)).isEqualTo(i % 10);
                for (int j = 0; j < pixels.length; j++) {
                    assertThat(pixels[j] & 0xff).isEqualTo(IdxFolder.value(i, j));
                }
            }
            assertThat(images.next(pixels)).isEqualTo(-1);
        }
    }

    private static byte[] edited(byte[] bytes, int at, int value) {
        ByteBuffer.wrap(bytes).putInt(at, value);
        return bytes;
    }

    private void replace(String file, byte[] content) throws IOException {
        Files.write(folder.resolve(file), content);
    }

    private ImageSource open() {
        return IdxSource.open(conf, path(), Optional.empty());
    }

    private Path path() {
        return new Path(folder.toUri());
    }
}
