package io.densespark.data.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.densespark.data.DataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ImageResizerTest {
    @ParameterizedTest
    @CsvSource({
        "1, 1, 1",
        "1, 1, 5",
        "7, 7, 7",
        "5, 9, 3",
        "9, 5, 3",
        "5, 9, 4",
        "3, 4, 8",
        "4, 3, 7",
        "37, 50, 32",
        "64, 41, 9",
        "1, 30, 2",
        "31, 2, 1",
        "6, 6, 5",
        "2, 200, 3",
        "13, 29, 13",
        "29, 13, 12"
    })
    void valuesOfACentralSquareAreThoseOfTheFormula(int height, int width, int size) {
        for (PixelFormat format : PixelFormat.values()) {
            DecodedImage image = random(height, width, format);
            DecodedImage square = ImageResizer.toCentralSquare(size).resize(image);
            int shorter = Math.min(height, width);
            requireFormula(image, square, size * height / shorter, size * width / shorter);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 4, 3", "9, 13, 3, 20", "20, 3, 7, 7", "31, 17, 30, 18", "64, 64, 5, 5", "8, 100, 8, 1"})
    void valuesOfASizeAreThoseOfTheFormula(int height, int width, int toHeight, int toWidth) {
        for (PixelFormat format : PixelFormat.values()) {
            DecodedImage image = random(height, width, format);
            DecodedImage resized = ImageResizer.toSize(toHeight, toWidth).resize(image);
            requireFormula(image, resized, toHeight, toWidth);
        }
    }

    /** Pillow rounds twice where it has 8 bits: after the rows are scaled and after the columns are. */
    @ParameterizedTest
    @CsvSource({"RGB8, 1, 0.2", "GREY8, 1, 0.2", "GREY16, 0.004, 0.001"})
    void valuesAreThoseOfPillow(PixelFormat format, double worst, double mean) {
        List<Double> means = new ArrayList<>();
        for (String line : Fixtures.lines("resized.txt")) {
            String[] parts = line.split(" ", -1);
            if (parts[2].equals(format.name())) {
                int height = Integer.parseInt(parts[3]);
                int width = Integer.parseInt(parts[4]);
                DecodedImage image =
                        Fixtures.image(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), format, parts[5]);
                double[] differences = Fixtures.differences(
                        ImageResizer.toSize(height, width).resize(image),
                        Fixtures.image(height, width, format, parts[6]));
                assertThat(differences[0]).isLessThanOrEqualTo(worst);
                means.add(differences[1]);
            }
        }
        assertThat(means).hasSize(5);
        assertThat(means.stream().mapToDouble(Double::doubleValue).average().orElseThrow())
                .isLessThan(mean);
    }

    @ParameterizedTest
    @EnumSource(PixelFormat.class)
    void anImageOfTheSizeStaysAsItIs(PixelFormat format) {
        DecodedImage image = random(5, 5, format);
        assertThat(ImageResizer.toCentralSquare(5).resize(image)).isSameAs(image);
        byte[] resized = new byte[image.pixels().length];
        ImageResizer.toSize(5, 5).resize(image.pixels(), 5, 5, format, resized);
        assertThat(resized).isEqualTo(image.pixels());
    }

    @Test
    void theMiddleOfTheLongerSideIsCutOut() {
        byte[] pixels = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
        ImageResizer resizer = ImageResizer.toCentralSquare(2);
        assertThat(resizer.resize(new DecodedImage(2, 5, PixelFormat.GREY8, pixels))
                        .pixels())
                .containsExactly(2, 3, 7, 8);
        assertThat(resizer.resize(new DecodedImage(5, 2, PixelFormat.GREY8, pixels))
                        .pixels())
                .containsExactly(3, 4, 5, 6);
    }

    @Test
    void anEvenAreaStaysEvenAtBothEndsOfTheRange() {
        for (int value : new int[] {0, 1, 128, 254, 255}) {
            for (PixelFormat format : PixelFormat.values()) {
                byte[] pixels = new byte[17 * 23 * format.bytesPerPixel()];
                Arrays.fill(pixels, (byte) value);
                DecodedImage image = new DecodedImage(17, 23, format, pixels);
                for (int size : new int[] {1, 6, 17, 40}) {
                    assertThat(ImageResizer.toCentralSquare(size).resize(image).pixels())
                            .containsOnly(value);
                    assertThat(ImageResizer.toSize(size, 9).resize(image).pixels())
                            .containsOnly(value);
                }
            }
        }
    }

    @Test
    void oneResizerTakesImagesOfManySizes() {
        ImageResizer resizer = ImageResizer.toCentralSquare(3);
        resizer.resize(random(40, 30, PixelFormat.RGB8));
        resizer.resize(random(300, 2, PixelFormat.GREY16));
        DecodedImage small = random(4, 5, PixelFormat.GREY8);
        assertThat(resizer.resize(small).pixels())
                .isEqualTo(ImageResizer.toCentralSquare(3).resize(small).pixels());
    }

    @Test
    void aSizeIsAtLeastOnePixel() {
        assertThatThrownBy(() -> ImageResizer.toCentralSquare(0))
                .isInstanceOf(DataException.class)
                .hasMessage("images can't be brought to 0x0 pixels (height x width): give at least 1x1");
        assertThatThrownBy(() -> ImageResizer.toSize(3, -1)).isInstanceOf(DataException.class);
    }

    private static DecodedImage random(int height, int width, PixelFormat format) {
        byte[] pixels = new byte[height * width * format.bytesPerPixel()];
        new Random(height * 1000L + width).nextBytes(pixels);
        return new DecodedImage(height, width, format, pixels);
    }

    /** Each value by the formula of the class's description, over the whole image. */
    private static void requireFormula(DecodedImage image, DecodedImage resized, int scaledHeight, int scaledWidth) {
        double[] from = Fixtures.values(image, 1);
        double[] to = Fixtures.values(resized, 1);
        int channels = image.format().channels();
        for (int i = 0; i < to.length; i++) {
            int y = (scaledHeight - resized.height()) / 2 + i / channels / resized.width();
            int x = (scaledWidth - resized.width()) / 2 + i / channels % resized.width();
            double sum = 0;
            double weights = 0;
            for (int row = 0; row < image.height(); row++) {
                for (int column = 0; column < image.width(); column++) {
                    double weight = weight(image.height(), scaledHeight, y, row)
                            * weight(image.width(), scaledWidth, x, column);
                    sum += weight * from[(row * image.width() + column) * channels + i % channels];
                    weights += weight;
                }
            }
            // Half for rounding, and what floats are off.
            double floats = image.format() == PixelFormat.GREY16 ? 0.05 : 1e-4;
            assertThat(to[i]).isCloseTo(sum / weights, within(0.5 + floats));
        }
    }

    private static double weight(int side, int scaled, int to, int from) {
        double ratio = (double) side / scaled;
        return Math.max(0, 1 - Math.abs(from + 0.5 - (to + 0.5) * ratio) / Math.max(1, ratio));
    }
}
