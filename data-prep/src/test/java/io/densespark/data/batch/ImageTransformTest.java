package io.densespark.data.batch;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.densespark.data.ImageShape;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageTransformTest {
    private static final int IMAGES = 60;

    @ParameterizedTest
    @CsvSource({"7, 5, 3", "8, 8, 1", "5, 6, 2", "32, 32, 3"})
    void imagesAreThoseOfASlowReferenceWithAPaddedImage(int height, int width, int channels) {
        ImageShape shape = new ImageShape(height, width, channels);
        ImageSet images = images(shape);
        for (Augmentation augmentation : List.of(
                Augmentation.NONE, new Augmentation(4, true), new Augmentation(2, false), new Augmentation(0, true))) {
            ImageTransform transform = new ImageTransform(shape, normalization(channels), augmentation, 11, 3);
            for (int index = 0; index < IMAGES; index++) {
                float[] out = new float[shape.bytes()];
                transform.apply(images, index, out, 0);
                assertThat(out).isEqualTo(reference(images, index, augmentation, 11, 3));
            }
        }
    }

    /** A byte v and the 16 bits 257 v are the same share of the largest value. */
    @Test
    void imagesOf16BitsAreThoseOf8BitsFiner() {
        ImageShape bytes = new ImageShape(7, 5, 3);
        ImageShape pairs = new ImageShape(7, 5, 3, 16);
        byte[] one = new byte[IMAGES * bytes.bytes()];
        new Random(2).nextBytes(one);
        byte[] two = new byte[2 * one.length];
        for (int i = 0; i < one.length; i++) {
            two[2 * i] = one[i];
            two[2 * i + 1] = one[i];
        }
        for (Augmentation augmentation : List.of(Augmentation.NONE, new Augmentation(4, true))) {
            float[] expected = new float[bytes.values()];
            float[] found = new float[bytes.values()];
            for (int index = 0; index < IMAGES; index++) {
                new ImageTransform(bytes, normalization(3), augmentation, 11, 3)
                        .apply(ImageSet.of(bytes, one, new int[IMAGES]), index, expected, 0);
                new ImageTransform(pairs, normalization(3), augmentation, 11, 3)
                        .apply(ImageSet.of(pairs, two, new int[IMAGES]), index, found, 0);
                assertThat(found).containsExactly(expected, within(1e-6f));
            }
        }
    }

    @Test
    void onlyTheImagesOwnPlaceIsWritten() {
        ImageShape shape = new ImageShape(8, 8, 3);
        ImageTransform transform = new ImageTransform(shape, normalization(3), new Augmentation(4, true), 1, 1);
        float[] out = new float[shape.bytes() + 20];
        transform.apply(images(shape), 5, out, 10);
        for (int i = 0; i < 10; i++) {
            assertThat(out[i]).isZero();
            assertThat(out[out.length - 1 - i]).isZero();
        }
        assertThat(out[10]).isNotZero();
    }

    @Test
    void everyCropAndFlipOccursAboutEquallyOften() {
        Augmentation augmentation = new Augmentation(1, true);
        int[] counts = new int[18];
        for (int index = 0; index < 18_000; index++) {
            Augmentation.Choice choice = augmentation.choose(1, 0, index);
            counts[(choice.top() * 3 + choice.left()) * 2 + (choice.flip() ? 1 : 0)]++;
        }
        // 1,000 expected, a standard deviation of 31: five of them.
        for (int count : counts) {
            assertThat(count).isBetween(845, 1155);
        }
    }

    @Test
    void choicesDifferBetweenEpochsSeedsAndExamples() {
        Augmentation augmentation = new Augmentation(1000, true);
        Set<Augmentation.Choice> choices = new HashSet<>();
        choices.add(augmentation.choose(1, 1, 1));
        choices.add(augmentation.choose(2, 1, 1));
        choices.add(augmentation.choose(1, 2, 1));
        choices.add(augmentation.choose(1, 1, 2));
        assertThat(choices).hasSize(4).contains(augmentation.choose(1, 1, 1));
    }

    @Test
    void settingsThatDoNotFitTheImagesAreNamed() {
        ImageShape shape = new ImageShape(8, 6, 3);
        assertRefused(() -> new Augmentation(-1, false), "crop padding -1");
        assertRefused(
                () -> new ImageTransform(shape, normalization(3), new Augmentation(6, false), 0, 0),
                "crop padding 6",
                "8x6x3");
        assertRefused(
                () -> new ImageTransform(shape, normalization(1), Augmentation.NONE, 0, 0), "1 channels", "8x6x3");
    }

    /** Pads with bytes of 0, crops, flips, then normalizes: each step on a whole image. */
    private static float[] reference(ImageSet images, int index, Augmentation augmentation, long seed, int epoch) {
        int height = images.height();
        int width = images.width();
        int channels = images.channels();
        int padding = augmentation.cropPadding();
        int[][][] padded = new int[height + 2 * padding][width + 2 * padding][channels];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < channels; c++) {
                    padded[y + padding][x + padding][c] =
                            images.pixels(index)[images.offset(index) + (y * width + x) * channels + c] & 0xff;
                }
            }
        }
        Augmentation.Choice choice = augmentation.choose(seed, epoch, index);
        Normalization normalization = normalization(channels);
        float[] out = new float[height * width * channels];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int column = choice.flip() ? width - 1 - x : x;
                for (int c = 0; c < channels; c++) {
                    float unit = padded[y + choice.top()][column + choice.left()][c] / 255f;
                    out[(y * width + x) * channels + c] =
                            (unit - normalization.mean().get(c))
                                    / normalization.std().get(c);
                }
            }
        }
        return out;
    }

    private static Normalization normalization(int channels) {
        return new Normalization(
                List.of(0.4914f, 0.4822f, 0.4465f).subList(0, channels),
                List.of(0.2471f, 0.2435f, 0.2616f).subList(0, channels));
    }

    private static ImageSet images(ImageShape shape) {
        byte[] pixels = new byte[IMAGES * shape.bytes()];
        new Random(5).nextBytes(pixels);
        return ImageSet.of(shape, pixels, new int[IMAGES]);
    }
}
