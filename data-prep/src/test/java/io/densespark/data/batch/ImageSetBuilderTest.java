package io.densespark.data.batch;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.data.ImageShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ImageSetBuilderTest {
    private static final ImageShape SHAPE = new ImageShape(2, 3, 1);

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
        ImageSetBuilder builder = new ImageSetBuilder(SHAPE, Long.MAX_VALUE);
        images.forEach(image -> builder.add(image.pixels(), image.label(), image.label() + 0.5f));
        assertThat(builder.size()).isEqualTo(images.size());
        return builder.build(100);
    }

    private static List<String> content(ImageSet set) {
        return IntStream.range(0, set.size())
                .peek(i -> assertThat(set.weight(i)).isEqualTo(set.label(i) + 0.5f))
                .mapToObj(i -> set.label(i) + " " + set.id(i) + " "
                        + Arrays.toString(
                                Arrays.copyOfRange(set.pixels(i), set.offset(i), set.offset(i) + SHAPE.bytes())))
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
        assertRefused(() -> new ImageSetBuilder(SHAPE, 1 << 30).add(new byte[5], 0, 1), "5 bytes", "2x3x1");
    }

    @Test
    void moreImagesThanTheHeapMayTakeAreRefused() {
        ImageShape large = new ImageShape(4096, 4096, 1);
        ImageSetBuilder builder = new ImageSetBuilder(large, 20_000_000);
        builder.add(new byte[large.bytes()], 0, 1);
        assertRefused(() -> builder.add(new byte[large.bytes()], 1, 1), "more than 1 images", "20 MB");
    }
}
