package io.densespark.data.augment;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ColorJitterTest {
    private static final int PIXELS = 40;

    @Test
    void brightnessScalesAllValuesByOneFactor() {
        float[] image = noise(100);
        float[] changed = apply(new ColorJitter(0.4, 0, 0), 1, image);
        double factor = changed[0] / image[0];
        assertThat(factor).isBetween(0.6, 1.4).isNotCloseTo(1, within(1e-3));
        for (int i = 0; i < image.length; i++) {
            assertThat((double) changed[i]).isEqualTo(factor * image[i], within(1e-3));
        }
    }

    @Test
    void contrastMovesAllValuesFromTheMeanLumaByOneFactor() {
        float[] image = noise(100);
        double mean = 0;
        for (int i = 0; i < image.length; i += 3) {
            mean += (0.299 * image[i] + 0.587 * image[i + 1] + 0.114 * image[i + 2]) / PIXELS;
        }
        float[] changed = apply(new ColorJitter(0, 0.4, 0), 2, image);
        double factor = (changed[0] - mean) / (image[0] - mean);
        assertThat(factor).isBetween(0.6, 1.4).isNotCloseTo(1, within(1e-3));
        for (int i = 0; i < image.length; i++) {
            assertThat((double) changed[i]).isEqualTo(mean + factor * (image[i] - mean), within(1e-3));
        }
    }

    @Test
    void saturationKeepsEachPixelsLuma() {
        float[] image = noise(100);
        float[] changed = apply(new ColorJitter(0, 0, 0.4), 3, image);
        for (int i = 0; i < image.length; i += 3) {
            double luma = 0.299 * image[i] + 0.587 * image[i + 1] + 0.114 * image[i + 2];
            assertThat(0.299 * changed[i] + 0.587 * changed[i + 1] + 0.114 * changed[i + 2])
                    .isEqualTo(luma, within(1e-3));
        }
        assertThat(changed).isNotEqualTo(image);
    }

    @Test
    void aStrengthOfOneOrMoreCanTakeAllColorAway() {
        boolean grey = false;
        for (int image = 0; image < 400 && !grey; image++) {
            float[] changed = apply(new ColorJitter(0, 0, 1), image, noise(100));
            grey = Math.abs(changed[0] - changed[1]) < 0.5 && Math.abs(changed[1] - changed[2]) < 0.5;
        }
        assertThat(grey).isTrue();
    }

    @Test
    void valuesStayInTheirRange() {
        for (int image = 0; image < 50; image++) {
            for (float value : apply(new ColorJitter(3, 3, 3), image, noise(256))) {
                assertThat(value).isBetween(0f, 255f);
            }
        }
    }

    @Test
    void greyImagesHaveNoSaturationToChange() {
        float[] grey = noise(100);
        float[] changed = grey.clone();
        new ColorJitter(0, 0, 0.9).apply(1, 0, 5, changed, 0, grey.length, 1, 255);
        assertThat(changed).isEqualTo(grey);
    }

    @Test
    void theSameSeedEpochAndImageHaveTheSameColorsAndOthersOthers() {
        ColorJitter jitter = new ColorJitter(0.4, 0.4, 0.4);
        assertThat(apply(jitter, 1, noise(100))).isEqualTo(apply(jitter, 1, noise(100)));
        assertThat(apply(jitter, 1, noise(100))).isNotEqualTo(apply(jitter, 2, noise(100)));
    }

    @Test
    void onlyTheImagesOwnPlaceIsChanged() {
        float[] values = noise(100);
        float[] before = values.clone();
        new ColorJitter(0.4, 0.4, 0.4).apply(1, 0, 1, values, 30, 10, 3, 255);
        assertThat(Arrays.copyOf(values, 30)).isEqualTo(Arrays.copyOf(before, 30));
        assertThat(Arrays.copyOfRange(values, 60, values.length))
                .isEqualTo(Arrays.copyOfRange(before, 60, values.length));
        assertThat(Arrays.copyOfRange(values, 30, 60)).isNotEqualTo(Arrays.copyOfRange(before, 30, 60));
    }

    @Test
    void aNegativeStrengthIsRefused() {
        assertRefused(() -> new ColorJitter(-1, 0, 0), "random brightness is -1.0");
        assertRefused(() -> new ColorJitter(0, Double.POSITIVE_INFINITY, 0), "random contrast");
    }

    private static float[] apply(ColorJitter jitter, int image, float[] values) {
        float[] changed = values.clone();
        jitter.apply(1, 0, image, changed, 0, PIXELS, 3, 255);
        return changed;
    }

    /** Values from 10 up, so that they can be divided by. */
    private static float[] noise(int bound) {
        Random random = new Random(4);
        float[] noise = new float[PIXELS * 3];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = 10 + random.nextInt(bound - 10);
        }
        return noise;
    }
}
