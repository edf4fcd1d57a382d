package io.densespark.data.source;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.data.ImageShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.Array;
import us.hebi.matlab.mat.types.MatlabType;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Sink;
import us.hebi.matlab.mat.types.Sinks;

/** Files as MATLAB writes them: compressed, labels in doubles. */
class SvhnSourceTest {
    @TempDir
    private java.nio.file.Path folder;

    private static int value(int seed, int y, int x, int c, int n) {
        return seed + 3 * y + 5 * x + 7 * c + 11 * n & 0xff;
    }

    private static Matrix images(int seed, int count) {
        Matrix images = Mat5.newMatrix(new int[] {32, 32, 3, count}, MatlabType.UInt8);
        for (int n = 0; n < count; n++) {
            for (int c = 0; c < 3; c++) {
                for (int x = 0; x < 32; x++) {
                    for (int y = 0; y < 32; y++) {
                        images.setByte(new int[] {y, x, c, n}, (byte) value(seed, y, x, c, n));
                    }
                }
            }
        }
        return images;
    }

    private static Matrix labels(int... labels) {
        Matrix column = Mat5.newMatrix(labels.length, 1);
        for (int i = 0; i < labels.length; i++) {
            column.setDouble(i, labels[i]);
        }
        return column;
    }

    private void write(String split, Array images, Array labels) {
        try (Sink sink =
                Sinks.newStreamingFile(folder.resolve(split + "_32x32.mat").toFile())) {
            Mat5.newWriter(sink)
                    .writeMat(Mat5.newMatFile().addArray("X", images).addArray("y", labels));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void writeFiles() {
        write("train", images(5, 3), labels(1, 2, 10));
        write("test", images(4, 3), labels(4, 10, 1));
        write("extra", images(6, 3), labels(1, 2, 10));
    }

    private SvhnSource open(String... set) {
        return SvhnSource.open(
                new Configuration(),
                new Path(folder.toUri()),
                Arrays.stream(set).findFirst());
    }

    private static void assertImages(SvhnSource source, String split, int[] labels, int... seeds) {
        byte[] pixels = new byte[32 * 32 * 3];
        try (ImageReader reader = source.open(split)) {
            for (int i = 0; i < labels.length; i++) {
                assertThat(reader.next(pixels)).isEqualTo(labels[i]);
                for (int y = 0; y < 32; y++) {
                    for (int x = 0; x < 32; x++) {
                        for (int c = 0; c < 3; c++) {
                            assertThat(pixels[(y * 32 + x) * 3 + c] & 0xff)
                                    .isEqualTo(value(seeds[i / 3], y, x, c, i % 3));
                        }
                    }
                }
            }
            assertThat(reader.next(pixels)).isEqualTo(-1);
        }
    }

    @Test
    void labelTenIsTheDigitZeroAndColumnsBecomeRows() {
        SvhnSource source = open();

        assertThat(source.name()).isEqualTo("svhn");
        assertThat(source.shape()).isEqualTo(new ImageShape(32, 32, 3));
        assertThat(source.classes()).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        assertThat(source.count("train")).isEqualTo(3);
        assertImages(source, "train", new int[] {1, 2, 0}, 5);
        assertImages(source, "test", new int[] {4, 0, 1}, 4);
    }

    @Test
    void theExtraDigitsFollowThoseToTrainOn() {
        SvhnSource source = open("extra");

        assertThat(source.name()).isEqualTo("svhn-extra");
        assertThat(source.count("train")).isEqualTo(6);
        assertThat(source.count("test")).isEqualTo(3);
        assertImages(source, "train", new int[] {1, 2, 0, 1, 2, 0}, 5, 6);
    }

    @Test
    void anotherSetIsRefused() {
        assertRefused(() -> open("more"), "no set 'more'", "extra");
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        Files.delete(folder.resolve("test_32x32.mat"));

        assertRefused(this::open, "test_32x32.mat is missing");
    }

    @Test
    void aFileThatIsCutOffOrNoneOfMatlabsIsNamed() throws IOException {
        java.nio.file.Path file = folder.resolve("train_32x32.mat");
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 60, 128, 300, whole.length / 2, whole.length - 3}) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertRefused(this::open, "train_32x32.mat", "download it again");
        }
    }

    @Test
    void imagesOfAnotherSizeAndLabelsThatAreNoDigitsAreRefused() throws IOException {
        write("train", images(0, 2), labels(1, 2, 3));
        assertRefused(this::open, "train_32x32.mat", "[32, 32, 3, 2]", "3 labels");
        write("train", images(0, 2), labels(1, 0));
        assertRefused(this::open, "train_32x32.mat", "label 0.0 at image 1");
    }
}
