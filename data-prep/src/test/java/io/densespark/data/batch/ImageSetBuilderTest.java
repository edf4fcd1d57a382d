package io.densespark.data.batch;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.data.ImageShape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageSetBuilderTest {
    private static final ImageShape SHAPE = new ImageShape(2, 3, 1);
    private static final Path NOWHERE = Path.of("no-such-folder");
    /** A spool writes 4 MiB at once: three images here. */
    private static final ImageShape LARGE = new ImageShape(1100, 1100, 1);

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Image(byte[] pixels, int label) {}

    private static List<Image> images(int count) {
        Random random = new Random(5);
        List<Image> images = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] pixels = new byte[SHAPE.bytes()];
            random.nextBytes(pixels);
            images.add(new Image(pixels, random.nextInt(9)));
        }
        // Two with the same pixels: their labels decide.
        images.add(new Image(images.get(0).pixels(), images.get(0).label() + 1));
        return images;
    }

    private static ImageSet set(List<Image> images) {
        ImageSetBuilder builder = new ImageSetBuilder(SHAPE, new ImageSpool(Long.MAX_VALUE, NOWHERE));
        images.forEach(image -> builder.add(image.pixels(), image.label(), image.label() + 0.5f));
        assertThat(builder.size()).isEqualTo(images.size());
        return builder.build(100);
    }

    private static List<String> content(ImageSet set) {
        return IntStream.range(0, set.size())
                .peek(i -> assertThat(set.weight(i)).isEqualTo(set.label(i) + 0.5f))
                .mapToObj(i -> set.label(i) + " " + set.id(i) + " "
                        + Arrays.toString(Arrays.copyOfRange(
                                set.pixels(i, new byte[0]), set.offset(i), set.offset(i) + SHAPE.bytes())))
                .toList();
    }

    @Test
    void theOrderDependsOnTheImagesAndNotOnTheirComing() {
        List<Image> images = images(50);
        List<String> first = content(set(images));
        Collections.shuffle(images, new Random(1));
        assertThat(content(set(images))).isEqualTo(first);
    }

    @Test
    void theImagesAreThoseThatCame() {
        List<Image> images = images(50);
        List<String> expected = images.stream()
                .map(image -> image.label() + " " + Arrays.toString(image.pixels()))
                .toList();
        assertThat(content(set(images)).stream().map(text -> text.replaceFirst(" [0-9]+ ", " ")))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void identitiesFollowEachOtherFromTheFirst() {
        ImageSet set = set(images(3));
        assertThat(IntStream.range(0, set.size()).map(set::id)).containsExactly(100, 101, 102, 103);
    }

    @Test
    void anImageOfAnotherSizeIsRefused() {
        assertRefused(
                () -> new ImageSetBuilder(SHAPE, new ImageSpool(1 << 30, NOWHERE)).add(new byte[5], 0, 1),
                "5 bytes",
                "2x3x1");
    }

    private static byte[] large(int value) {
        byte[] pixels = new byte[LARGE.bytes()];
        Arrays.fill(pixels, (byte) value);
        return pixels;
    }

    /** Labels, weights and pixels of sets with 8 and 4 images that share a spool, in their order. */
    private static List<String> ofTwoSets(ImageSpool spool) {
        ImageSetBuilder some = new ImageSetBuilder(LARGE, spool);
        ImageSetBuilder others = new ImageSetBuilder(LARGE, spool);
        for (int i = 0; i < 12; i++) {
            // Two of each: labels decide where pixels are alike.
            (i % 3 == 0 ? others : some).add(large(i / 2), 20 - i, i);
        }
        List<String> content = new ArrayList<>();
        byte[] spare = new byte[LARGE.bytes()];
        for (ImageSet set : List.of(some.build(0), others.build(100))) {
            for (int i = 0; i < set.size(); i++) {
                byte[] array = set.pixels(i, spare);
                byte[] pixels = Arrays.copyOfRange(array, set.offset(i), set.offset(i) + LARGE.bytes());
                assertThat(pixels).isEqualTo(large(pixels[0]));
                content.add(set.id(i) + " " + set.label(i) + " " + set.weight(i) + " " + pixels[0]);
            }
        }
        return content;
    }

    @Test
    void imagesBeyondTheHeapLieInAFileAndAreTheSameInTheSameOrder(@TempDir Path folder) throws IOException {
        List<String> expected;
        try (ImageSpool spool = new ImageSpool(Long.MAX_VALUE, NOWHERE)) {
            expected = ofTwoSets(spool);
            assertThat(spool.spooledBytes()).isZero();
        }
        try (ImageSpool spool = new ImageSpool(2L * 3 * LARGE.bytes(), folder)) {
            assertThat(ofTwoSets(spool)).isEqualTo(expected);
            assertThat(spool.spooledBytes()).isEqualTo(6L * LARGE.bytes());
        }
        try (ImageSpool spool = new ImageSpool(0, folder)) {
            assertThat(ofTwoSets(spool)).isEqualTo(expected).hasSize(12);
            assertThat(spool.spooledBytes()).isEqualTo(12L * LARGE.bytes());
            assertThat(folder).as("whoever is killed leaves nothing").isEmptyDirectory();
        }
    }

    @Test
    void aThreadThatIsInterruptedWhileItReadsLeavesTheFileOpenForOthers(@TempDir Path folder) {
        try (ImageSpool spool = new ImageSpool(0, folder)) {
            ImageSetBuilder builder = new ImageSetBuilder(SHAPE, spool);
            builder.add(new byte[] {1, 2, 3, 4, 5, 6}, 0, 1);
            ImageSet set = builder.build(0);
            Thread.currentThread().interrupt();
            assertThat(set.pixels(0, new byte[6])).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(set.pixels(0, new byte[6])).containsExactly(1, 2, 3, 4, 5, 6);
        }
    }

    @Test
    void aFolderThatCantBeWrittenIsNamed() {
        try (ImageSpool spool = new ImageSpool(0, NOWHERE)) {
            ImageSetBuilder builder = new ImageSetBuilder(SHAPE, spool);
            builder.add(new byte[6], 0, 1);
            assertRefused(() -> builder.build(0), "don't fit the heap", "no-such-folder", "more heap");
        }
    }
}
