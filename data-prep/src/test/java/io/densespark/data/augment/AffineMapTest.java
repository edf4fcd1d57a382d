package io.densespark.data.augment;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AffineMapTest {
    @ParameterizedTest
    @CsvSource({"9, 9, 3", "8, 5, 1", "1, 7, 3", "32, 24, 3"})
    void imagesAreThoseOfASlowSumOverAllPixels(int height, int width, int channels) {
        float[] image = noise(height * width * channels);
        for (int i = 0; i < 20; i++) {
            AffineMap map = new RandomAffine(180, 0.3, 0.4, 30).choose(5, i, 7, height, width);
            float[] out = new float[image.length + 3];
            map.apply(image, height, width, channels, out, 3);
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    for (int c = 0; c < channels; c++) {
                        assertThat((double) out[3 + (y * width + x) * channels + c])
                                .isEqualTo(reference(map, image, height, width, channels, y, x, c), within(0.01));
                    }
                }
            }
        }
    }

    /** Each pixel of the image counts by its distance in both directions: max(0, 1 - d). */
    private static double reference(
            AffineMap map, float[] image, int height, int width, int channels, int y, int x, int c) {
        double atX = map.xx() * x + map.xy() * y + map.x0();
        double atY = map.yx() * x + map.yy() * y + map.y0();
        double sum = 0;
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                double weight = Math.max(0, 1 - Math.abs(atX - column)) * Math.max(0, 1 - Math.abs(atY - row));
                sum += weight * image[(row * width + column) * channels + c];
            }
        }
        return sum;
    }

    @Test
    void aQuarterTurnMovesRowsToColumns() {
        float[] image = noise(9);
        float[] out = new float[9];
        AffineMap.of(Math.PI / 2, 0, 0, 1, 0, 3, 3).apply(image, 3, 3, 1, out, 0);
        // Clockwise: what was at the left below is at the left above now.
        float[] turned = {image[6], image[3], image[0], image[7], image[4], image[1], image[8], image[5], image[2]};
        assertThat(out).containsExactly(turned, within(1e-3f));
    }

    @Test
    void whatComesFromOutsideIsBlack() {
        float[] image = {1, 2, 3, 4};
        float[] out = new float[4];
        AffineMap.of(0, 1, 0, 1, 0, 2, 2).apply(image, 2, 2, 1, out, 0);
        assertThat(out).containsExactly(0, 1, 0, 3);
    }

    @Test
    void scalingAndShearAreAboutTheCenter() {
        AffineMap map = AffineMap.of(0, 0, 0, 2, Math.PI / 4, 5, 5);
        assertThat(map.xx() * 2 + map.xy() * 2 + map.x0()).isEqualTo(2, within(1e-12));
        assertThat(map.yx() * 2 + map.yy() * 2 + map.y0()).isEqualTo(2, within(1e-12));
        // Twice as large, and a row further down comes from one that lies half a pixel further right.
        assertThat(map.xx()).isEqualTo(0.5, within(1e-12));
        assertThat(map.xy()).isEqualTo(0.5, within(1e-12));
        assertThat(map.yx()).isZero();
        assertThat(map.yy()).isEqualTo(0.5, within(1e-12));
    }

    @Test
    void whatIsDrawnIsWithinItsBoundsAndTheSameForTheSameImage() {
        RandomAffine turns = new RandomAffine(30, 0, 0, 0);
        for (int image = 0; image < 200; image++) {
            AffineMap map = turns.choose(1, 2, image, 8, 8);
            assertThat(Math.toDegrees(Math.acos(Math.min(1, map.xx())))).isBetween(0.0, 30.001);
            assertThat(turns.choose(1, 2, image, 8, 8)).isEqualTo(map);
        }
        assertThat(turns.choose(1, 2, 0, 8, 8)).isNotEqualTo(turns.choose(1, 3, 0, 8, 8));
    }

    @Test
    void changesOutOfRangeAreRefused() {
        assertRefused(() -> new RandomAffine(181, 0, 0, 0), "largest rotation is 181.0");
        assertRefused(() -> new RandomAffine(0, -0.1, 0, 0), "largest translation is -0.1");
        assertRefused(() -> new RandomAffine(0, 0, 1, 0), "largest scaling is 1.0");
        assertRefused(() -> new RandomAffine(0, 0, 0, 90), "largest shear is 90.0");
    }

    private static float[] noise(int count) {
        Random random = new Random(count);
        float[] noise = new float[count];
        for (int i = 0; i < count; i++) {
            noise[i] = random.nextInt(256);
        }
        return noise;
    }
}
