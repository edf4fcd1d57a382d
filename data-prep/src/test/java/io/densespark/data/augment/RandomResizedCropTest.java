package io.densespark.data.augment;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.densespark.data.decode.ImagePart;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RandomResizedCropTest {
    /**
     * The mean share of the area of 200x300 pixels, by another generator:
     *
     * <pre>
     * import math, random
     * random.seed(5); total = 0
     * for _ in range(200000):
     *     for _ in range(10):
     *         a = 60000 * random.uniform(0.08, 1); r = math.exp(random.uniform(math.log(3 / 4), math.log(4 / 3)))
     *         w, h = round(math.sqrt(a * r)), round(math.sqrt(a / r))
     *         if w &lt;= 300 and h &lt;= 200: break
     *     else: w, h = 267, 200
     *     total += w * h / 60000
     * print(total / 200000)
     * </pre>
     */
    private static final double MEAN = 0.3899;

    private final RandomResizedCrop crop = new RandomResizedCrop(0.08);

    @Test
    void partsLieInTheImageAndHaveTheAreasAndRatiosThatTheyMay() {
        double areas = 0;
        for (int image = 0; image < 2000; image++) {
            ImagePart part = crop.choose(3, 1, image, 200, 300);
            assertThat(part.top()).isBetween(0, 200 - part.height());
            assertThat(part.left()).isBetween(0, 300 - part.width());
            double share = part.height() * (double) part.width() / (200 * 300);
            // Sides are rounded to whole pixels.
            assertThat(share).isBetween(0.078, 1.0);
            assertThat(part.width() / (double) part.height()).isBetween(0.74, 1.35);
            areas += share / 2000;
        }
        assertThat(areas).isEqualTo(MEAN, within(0.01));
    }

    @Test
    void theSameSeedEpochAndImageHaveTheSamePart() {
        Set<ImagePart> parts = new HashSet<>();
        for (int image = 0; image < 10; image++) {
            for (int epoch = 0; epoch < 10; epoch++) {
                ImagePart part = crop.choose(3, epoch, image, 200, 300);
                assertThat(crop.choose(3, epoch, image, 200, 300)).isEqualTo(part);
                parts.add(part);
            }
        }
        assertThat(parts).hasSize(100);
    }

    /** As torchvision does it when ten draws don't fit. */
    @Test
    void ofImagesThatAreTooWideOrTooHighTheLargestCentralPartIsTaken() {
        RandomResizedCrop whole = new RandomResizedCrop(1);
        assertThat(whole.choose(3, 0, 0, 10, 100)).isEqualTo(new ImagePart(0, 43, 10, 13));
        assertThat(whole.choose(3, 0, 0, 100, 9)).isEqualTo(new ImagePart(44, 0, 12, 9));
    }

    @Test
    void aScaleThatIsNoShareIsRefused() {
        assertRefused(() -> new RandomResizedCrop(1.5), "least scale of a crop is 1.5");
        assertRefused(() -> new RandomResizedCrop(Double.NaN), "NaN");
    }
}
