package io.densespark.data.batch;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.densespark.data.DatasetDescription;
import io.densespark.data.ImageShape;
import io.densespark.data.fixture.CifarFolder;
import io.densespark.data.prepare.Prepare;
import io.densespark.data.prepare.PrepareSettings;
import io.densespark.data.source.Cifar10Source;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageSetTest {
    private final Configuration conf = new Configuration();

    @TempDir
    private java.nio.file.Path folder;

    private DatasetDescription description;
    private Path prepared;

    @BeforeEach
    void prepare() {
        CifarFolder.write(folder.resolve("cifar"), 3);
        prepared = new Path(new Path(folder.toUri()), "prepared");
        description = Prepare.run(
                Cifar10Source.open(conf, new Path(new Path(folder.toUri()), "cifar")),
                conf,
                prepared,
                new PrepareSettings(2, false));
    }

    @Test
    void imagesOfManyShardsAreInOrder() throws InterruptedException {
        ImageSet images = ImageSet.load(description, prepared, conf, "train", 1 << 20);
        assertThat(description.shards("train")).hasSize(8);
        assertThat(images.size()).isEqualTo(15);
        assertThat(images.shape()).isEqualTo(new ImageShape(32, 32, 3));
        for (int i = 0; i < 15; i++) {
            int offset = images.offset(i);
            assertThat(images.label(i)).isEqualTo(CifarFolder.label(i));
            assertThat(Arrays.copyOfRange(images.pixels(i, new byte[0]), offset, offset + 3072))
                    .isEqualTo(CifarFolder.pixels(i));
        }
    }

    @Test
    void theOtherSplitIsLoadedByItsName() throws InterruptedException {
        ImageSet images = ImageSet.load(description, prepared, conf, "test", 1 << 20);
        assertThat(images.size()).isEqualTo(3);
        assertThat(images.label(1)).isEqualTo(CifarFolder.label(1001));
    }

    @Test
    void tooLittleMemoryIsToldBeforeAnythingIsRead() throws IOException {
        Files.delete(folder.resolve("prepared")
                .resolve(description.shards("train").get(0).file()));
        long bytes = 15 * (3072 + 4);
        assertThat(ImageSet.bytes(description, "train")).isEqualTo(bytes);
        assertRefused(
                () -> ImageSet.load(description, prepared, conf, "train", bytes - 1),
                "split train of cifar10 takes 1 MiB in memory",
                "raise the heap by 1 MiB");
    }

    @Test
    void exactlyEnoughMemoryIsEnough() throws InterruptedException {
        assertThat(ImageSet.load(description, prepared, conf, "train", 15 * 3076)
                        .size())
                .isEqualTo(15);
    }

    @Test
    void aMissingShardIsNamed() throws IOException {
        String file = description.shards("train").get(5).file();
        Files.delete(folder.resolve("prepared").resolve(file));
        assertRefused(() -> ImageSet.load(description, prepared, conf, "train", 1 << 20), file + " is missing");
    }

    @Test
    void anInterruptedLoadEndsAsInterrupted() {
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> ImageSet.load(description, prepared, conf, "train", 1 << 20));
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void anUnknownSplitIsNamed() {
        assertRefused(() -> ImageSet.load(description, prepared, conf, "valid", 1 << 20), "no split 'valid'");
    }

    @Test
    void aSetOfArraysHasCopiesOfThem() {
        byte[] pixels = {1, 2, 3, 4};
        ImageSet images = ImageSet.of(new ImageShape(1, 2, 1), pixels, new int[] {0, 1});
        pixels[0] = 9;
        assertThat(images.pixels(0, new byte[0])[images.offset(0)]).isEqualTo((byte) 1);
        assertThat(images.pixels(1, new byte[0])[images.offset(1)]).isEqualTo((byte) 3);
    }

    @Test
    void arraysThatDisagreeAreRefused() {
        assertRefused(
                () -> ImageSet.of(new ImageShape(1, 2, 1), new byte[3], new int[2]), "2 labels and 3 bytes", "1x2x1");
    }
}
