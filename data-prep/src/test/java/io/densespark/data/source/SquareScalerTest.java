package io.densespark.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.densespark.data.ImageShape;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SquareScalerTest {
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
    void valuesAreThoseOfTheFormula(int height, int width, int size) {
        for (int channels : new int[] {1, 3}) {
            ImageShape shape = new ImageShape(height, width, channels);
            byte[] image = new byte[shape.bytes()];
            new Random(height * 1000L + width).nextBytes(image);
            byte[] square = new byte[size * size * channels];
            new SquareScaler(size).scale(image, shape, square);
            for (int i = 0; i < square.length; i++) {
                double exact = reference(image, shape, size, i / channels / size, i / channels % size, i % channels);
                assertThat((double) (square[i] & 0xff)).isCloseTo(exact, within(0.5 + 1e-9));
            }
        }
    }

    @Test
    void anImageOfTheSizeStaysAsItIs() {
        byte[] image = new byte[5 * 5 * 3];
        new Random(1).nextBytes(image);
        assertThat(scale(image, 5, 5, 3, 5)).isEqualTo(image);
    }

    @Test
    void theMiddleOfTheLongerSideIsCutOut() {
        byte[] image = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
        assertThat(scale(image, 2, 5, 1, 2)).containsExactly(2, 3, 7, 8);
        assertThat(scale(image, 5, 2, 1, 2)).containsExactly(3, 4, 5, 6);
    }

    @Test
    void aSquareGrowsByLinearInterpolation() {
        // Places of the four new pixels in the old ones: -0.25 (the edge), 0.25, 0.75, 1.25 (the edge).
        byte[] image = {0, 100, 0, 100};
        assertThat(scale(image, 2, 2, 1, 4))
                .containsExactly(0, 25, 75, 100, 0, 25, 75, 100, 0, 25, 75, 100, 0, 25, 75, 100);
    }

    @Test
    void anImageShrinksByATriangleOverTwiceTheRatio() {
        // To one half: the weights are 1, 3, 3, 1, and the first or the last falls on no pixel.
        byte[] image = new byte[16];
        for (int i = 0; i < 16; i++) {
            image[i] = (byte) (i % 4 * 70);
        }
        assertThat(scale(image, 4, 4, 1, 2)).containsExactly(50, (byte) 160, 50, (byte) 160);
    }

    @Test
    void anEvenAreaStaysEvenAtBothEndsOfTheRange() {
        for (int value : new int[] {0, 1, 128, 254, 255}) {
            byte[] image = new byte[17 * 23 * 3];
            Arrays.fill(image, (byte) value);
            for (int size : new int[] {1, 6, 17, 40}) {
                assertThat(scale(image, 17, 23, 3, size)).containsOnly(value);
            }
        }
    }

    @Test
    void oneScalerTakesImagesOfManySizes() {
        SquareScaler scaler = new SquareScaler(3);
        byte[] large = new byte[40 * 30];
        new Random(2).nextBytes(large);
        byte[] small = new byte[4 * 5];
        new Random(3).nextBytes(small);
        byte[] square = new byte[9];
        scaler.scale(large, new ImageShape(40, 30, 1), square);
        scaler.scale(small, new ImageShape(4, 5, 1), square);
        assertThat(square).isEqualTo(scale(small, 4, 5, 1, 3));
    }

    /** One value of the square by the formula of the class's description, over the whole image. */
    private static double reference(byte[] image, ImageShape shape, int size, int y, int x, int c) {
        double sum = 0;
        double weights = 0;
        for (int row = 0; row < shape.height(); row++) {
            for (int column = 0; column < shape.width(); column++) {
                double weight =
                        weight(shape.height(), shape, size, y, row) * weight(shape.width(), shape, size, x, column);
                sum += weight * (image[(row * shape.width() + column) * shape.channels() + c] & 0xff);
                weights += weight;
            }
        }
        return sum / weights;
    }

    private static double weight(int side, ImageShape shape, int size, int to, int from) {
        int scaled = (int) Math.floor((double) size * side / Math.min(shape.height(), shape.width()));
        double ratio = (double) side / scaled;
        double place = ((scaled - size) / 2 + to + 0.5) * ratio;
        return Math.max(0, 1 - Math.abs(from + 0.5 - place) / Math.max(1, ratio));
    }

    private static byte[] scale(byte[] image, int height, int width, int channels, int size) {
        byte[] square = new byte[size * size * channels];
        new SquareScaler(size).scale(image, new ImageShape(height, width, channels), square);
        return square;
    }
}
