package io.densespark.data.batch;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.densespark.data.ImageShape;
import io.densespark.data.augment.ColorJitter;
import io.densespark.data.augment.RandomAffine;
import io.densespark.data.augment.RandomResizedCrop;
import io.densespark.data.decode.DecodedImage;
import io.densespark.data.decode.ImagePart;
import io.densespark.data.decode.ImageResizer;
import io.densespark.data.decode.PixelFormat;
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

    /** Changes that are too small to see take the way of all changes of values. */
    @ParameterizedTest
    @CsvSource({"8", "16"})
    void imagesWhoseValuesAreChangedAreCutAndNormalizedLikeOthers(int bits) {
        ImageShape shape = new ImageShape(7, 5, 3, bits);
        ImageSet images = images(shape);
        Augmentation cut = new Augmentation(2, true);
        Augmentation changed = new Augmentation(
                RandomResizedCrop.NONE, 2, true, new RandomAffine(1e-9, 0, 1e-9, 0), new ColorJitter(1e-9, 1e-9, 1e-9));
        for (int index = 0; index < IMAGES; index++) {
            float[] expected = new float[shape.values()];
            float[] found = new float[shape.values()];
            new ImageTransform(shape, normalization(3), cut, 11, 3).apply(images, index, expected, 0);
            new ImageTransform(shape, normalization(3), changed, 11, 3).apply(images, index, found, 0);
            assertThat(found).containsExactly(expected, within(1e-4f));
        }
    }

    @Test
    void anImageIsCutTurnedAndColoredInThisOrder() {
        ImageShape shape = new ImageShape(8, 8, 3);
        ImageSet images = images(shape);
        RandomAffine affine = new RandomAffine(40, 0.1, 0.2, 10);
        ColorJitter colors = new ColorJitter(0.4, 0.4, 0.4);
        Augmentation augmentation = new Augmentation(RandomResizedCrop.NONE, 2, true, affine, colors);
        // Values as they are, and from 0 to 1 in the end.
        Normalization none = new Normalization(List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));
        for (int index = 0; index < IMAGES; index++) {
            float[] cut = new float[shape.values()];
            new ImageTransform(shape, none, new Augmentation(2, true), 11, 3).apply(images, index, cut, 0);
            float[] expected = new float[shape.values()];
            affine.choose(11, 3, index, 8, 8).apply(cut, 8, 8, 3, expected, 0);
            colors.apply(11, 3, index, expected, 0, 64, 3, 1);
            float[] found = new float[shape.values()];
            new ImageTransform(shape, none, augmentation, 11, 3).apply(images, index, found, 0);
            assertThat(found).containsExactly(expected, within(1e-5f));
        }
    }

    @Test
    void aRandomPartIsWhatIsLeftWhenTheRestIsCutAway() {
        ImageShape shape = new ImageShape(6, 9, 3);
        ImageSet images = images(shape);
        RandomResizedCrop crop = new RandomResizedCrop(0.08);
        Augmentation augmentation = new Augmentation(crop, 0, false, RandomAffine.NONE, ColorJitter.NONE);
        for (int index = 0; index < IMAGES; index++) {
            ImagePart part = crop.choose(11, 3, index, 6, 9);
            byte[] cut = new byte[part.height() * part.width() * 3];
            for (int y = 0; y < part.height(); y++) {
                int from = images.offset(index) + ((part.top() + y) * 9 + part.left()) * 3;
                System.arraycopy(images.pixels(index, new byte[0]), from, cut, y * part.width() * 3, part.width() * 3);
            }
            DecodedImage resized = ImageResizer.toSize(6, 9)
                    .resize(new DecodedImage(part.height(), part.width(), PixelFormat.RGB8, cut));
            float[] expected = new float[shape.values()];
            new ImageTransform(shape, normalization(3), Augmentation.NONE, 0, 0)
                    .normalize(resized.pixels(), 0, expected, 0);
            float[] found = new float[shape.values()];
            new ImageTransform(shape, normalization(3), augmentation, 11, 3).apply(images, index, found, 0);
            assertThat(found).isEqualTo(expected);
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
                () -> new Augmentation(new RandomResizedCrop(0.5), 4, false, RandomAffine.NONE, ColorJitter.NONE),
                "crop padding 4 is for another crop");
        Augmentation colors =
                new Augmentation(RandomResizedCrop.NONE, 0, false, RandomAffine.NONE, new ColorJitter(0.1, 0, 0));
        assertRefused(() -> colors.requireFits(new ImageShape(8, 8, 2)), "grey and RGB images, not for 8x8x2");
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
                            images.pixels(index, new byte[0])[images.offset(index) + (y * width + x) * channels + c]
                                    & 0xff;
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
