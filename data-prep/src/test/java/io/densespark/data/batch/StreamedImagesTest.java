package io.densespark.data.batch;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.densespark.data.DataException;
import io.densespark.data.DatasetDescription;
import io.densespark.data.augment.ColorJitter;
import io.densespark.data.augment.RandomAffine;
import io.densespark.data.augment.RandomResizedCrop;
import io.densespark.data.decode.DecodeSettings;
import io.densespark.data.decode.ImageDecoder;
import io.densespark.data.decode.ImageResizer;
import io.densespark.data.decode.PixelFormat;
import io.densespark.data.fixture.EncodedSet;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StreamedImagesTest {
    private static final int SIZE = 8;
    private static final int BATCH = 7;
    private static final List<Integer> ROWS = List.of(5, 6, 4, 5, 5, 3, 7, 5, 6, 4);
    private static final int IMAGES = 50;
    /** About three row groups of ten. */
    private static final long WINDOW = 11_000;

    private static final Configuration CONF = new Configuration();

    @TempDir
    private static java.nio.file.Path shared;

    private static DatasetDescription dataset;

    private Augmentation augmentation = Augmentation.NONE;

    @TempDir
    private java.nio.file.Path folder;

    @BeforeAll
    static void write() {
        dataset = EncodedSet.write(path(shared), CONF, SIZE, ROWS, EncodedSet::jpeg);
    }

    /** A batch of one rank: labels, which are indices, and pixels. */
    private record Seen(List<Integer> labels, List<float[]> pixels) {}

    @Test
    void randomChangesAreTheSameWhateverTheRanksAndThreads() throws Exception {
        augmentation = new Augmentation(
                new RandomResizedCrop(0.08),
                0,
                true,
                new RandomAffine(15, 0.1, 0.1, 5),
                new ColorJitter(0.4, 0.4, 0.4));
        StreamedImages images = open();
        List<Seen> alone = batches(images, 0, 0, 1, 1);
        List<Seen> first = batches(images, 0, 0, 2, 3);
        List<Seen> second = batches(images, 0, 1, 2, 2);
        Map<Integer, float[]> byLabel = new HashMap<>();
        for (int batch = 0; batch < alone.size(); batch++) {
            List<float[]> pixels = new ArrayList<>(first.get(batch).pixels());
            pixels.addAll(second.get(batch).pixels());
            assertThat(pixels.toArray(float[][]::new))
                    .isDeepEqualTo(alone.get(batch).pixels().toArray(float[][]::new));
            for (int i = 0; i < pixels.size(); i++) {
                byLabel.put(alone.get(batch).labels().get(i), pixels.get(i));
            }
        }
        List<Seen> next = batches(images, 1, 0, 1, 1);
        assertThat(next.get(0).pixels().get(0))
                .isNotEqualTo(byLabel.get(next.get(0).labels().get(0)));
    }

    @Test
    void anEpochHasEveryImageOnceInTheSameBatchesWhateverTheRanksAndThreads() throws Exception {
        StreamedImages images = open();
        List<Seen> alone = batches(images, 0, 0, 1, 1);
        assertThat(alone.stream().flatMap(seen -> seen.labels().stream()))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, IMAGES).boxed().toList());
        assertThat(alone).hasSize(8);
        for (int ranks : List.of(2, 3)) {
            List<List<Seen>> parts = new ArrayList<>();
            for (int rank = 0; rank < ranks; rank++) {
                parts.add(batches(images, 0, rank, ranks, 3));
            }
            for (int batch = 0; batch < alone.size(); batch++) {
                List<Integer> labels = new ArrayList<>();
                List<float[]> pixels = new ArrayList<>();
                for (List<Seen> part : parts) {
                    labels.addAll(part.get(batch).labels());
                    pixels.addAll(part.get(batch).pixels());
                }
                assertThat(labels).isEqualTo(alone.get(batch).labels());
                assertThat(pixels.toArray(float[][]::new))
                        .isDeepEqualTo(alone.get(batch).pixels().toArray(float[][]::new));
            }
        }
    }

    @Test
    void theOrderIsAnotherInEachEpochAndTheSameForWhoComesAgain() throws Exception {
        List<Integer> first = labels(batches(open(), 0, 0, 1, 2));
        assertThat(labels(batches(open(), 0, 0, 1, 2))).isEqualTo(first);
        assertThat(labels(batches(open(), 1, 0, 1, 2))).isNotEqualTo(first);
    }

    @Test
    void imagesAreThoseOfTheDecoderInTheDataSetsSize() throws Exception {
        ImageDecoder decoder = new ImageDecoder(DecodeSettings.of(PixelFormat.RGB8));
        float[] table = Normalization.of(dataset).table(255);
        for (Seen seen : batches(open(), 2, 0, 1, 2)) {
            for (int i = 0; i < seen.labels().size(); i++) {
                byte[] pixels = ImageResizer.toCentralSquare(SIZE)
                        .resize(decoder.decode(EncodedSet.jpeg(seen.labels().get(i))))
                        .pixels();
                float[] expected = new float[pixels.length];
                for (int v = 0; v < pixels.length; v++) {
                    expected[v] = table[v % 3 * 256 + (pixels[v] & 0xff)];
                }
                assertThat(seen.pixels().get(i)).isEqualTo(expected);
            }
        }
    }

    @Test
    void whatIsHeldIsWithinTheBudgetWhichIsThatOfTwoWindows() throws Exception {
        StreamedImages images = open();
        long all = IntStream.range(0, ROWS.size())
                .mapToLong(group -> images.rowGroup(group).bytes())
                .sum();
        long largest = IntStream.range(0, ROWS.size())
                .mapToLong(group -> images.rowGroup(group).bytes())
                .max()
                .orElseThrow();
        int[] order = images.order(1, 0, IntStream.range(0, IMAGES).toArray(), BATCH);
        SharedOrder share = new SharedOrder(order, new BatchSlices(BATCH, 0, 1));
        try (EncodedStream stream = new EncodedStream(images, share)) {
            for (int image : order) {
                assertThat(stream.take(image).label()).isEqualTo(image);
            }
            // The first batch of a window is taken while row groups of the next are read.
            long batch = BATCH * 1000;
            assertThat(stream.budget())
                    .isBetween(WINDOW, 2 * (WINDOW + largest + batch))
                    .isLessThan(all);
            assertThat(stream.peakBytes()).isPositive().isLessThanOrEqualTo(stream.budget());
        }
    }

    @Test
    void whoTakesNothingLetsNothingMoreBeRead() throws Exception {
        StreamedImages images = open();
        int[] order = images.order(1, 0, IntStream.range(0, IMAGES).toArray(), BATCH);
        SharedOrder share = new SharedOrder(order, new BatchSlices(BATCH, 0, 1));
        try (EncodedStream stream = new EncodedStream(images, share)) {
            stream.take(order[0]);
            assertThat(stream.peakBytes()).isLessThanOrEqualTo(stream.budget());
        }
    }

    @Test
    void wholeRowGroupsAreKeptForValidationButOne() throws Exception {
        StreamedImages images = open();
        TrainValidationSplit split = images.split(13, 5);
        assertThat(split.validation()).hasSize(13).isSorted();
        assertThat(split.train()).hasSize(IMAGES - 13).isSorted();
        assertThat(IntStream.concat(Arrays.stream(split.train()), Arrays.stream(split.validation())))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, IMAGES).boxed().toList());
        Set<Integer> shared = Arrays.stream(split.train())
                .map(images::group)
                .boxed()
                .filter(group ->
                        Arrays.stream(split.validation()).map(images::group).anyMatch(group::equals))
                .collect(Collectors.toSet());
        assertThat(shared).hasSizeLessThanOrEqualTo(1);
        assertThat(images.split(13, 6).validation()).isNotEqualTo(split.validation());
        assertRefused(() -> images.split(IMAGES, 5), "validation size 50");
    }

    @Test
    void aDamagedShardIsNamedAfterTheBatchesBeforeIt() throws Exception {
        StreamedImages images = open(EncodedSet.write(path(folder), CONF, SIZE, ROWS, EncodedSet::jpeg), folder);
        int[] order = images.order(1, 0, IntStream.range(0, IMAGES).toArray(), BATCH);
        String damaged =
                images.rowGroup(images.group(order[IMAGES - 1])).shard().file();
        java.nio.file.Path file = folder.resolve(damaged);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 4] ^= 1;
        Files.write(file, bytes);
        Files.deleteIfExists(folder.resolve("." + damaged + ".crc"));

        List<Integer> met = new ArrayList<>();
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> {
                    try (BatchLoader loader = loader(images, 0, 0, 1, 2)) {
                        for (Optional<ImageBatch> next = loader.next(); next.isPresent(); next = loader.next()) {
                            met.add(next.get().count());
                        }
                    }
                })
                .withMessageContaining(damaged)
                .withMessageContaining("run prepare again");
        assertThat(met).isNotEmpty();
    }

    @Test
    void anImageThatCannotBeDecodedIsNamedWithItsShard() throws Exception {
        DatasetDescription bad = EncodedSet.write(
                path(folder),
                CONF,
                SIZE,
                List.of(3, 3),
                index -> index == 4 ? new byte[] {1, 2, 3} : EncodedSet.jpeg(index));
        StreamedImages images = open(bad, folder);
        int[] order = {0, 1, 2, 3, 4, 5};
        try (BatchLoader loader = images.load(
                new SharedOrder(order, new BatchSlices(3, 0, 1)),
                new ImageTransform(images.shape(), Normalization.of(bad), Augmentation.NONE, 1, 0),
                1,
                2)) {
            assertThat(loader.next()).isPresent();
            assertRefused(
                    () -> {
                        try {
                            loader.next();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    "image 4 of split train of photos, in shard train-1.parquet, can't be decoded",
                    "none of the formats");
        }
    }

    @Test
    void aMissingShardIsNamedBeforeAnythingIsRead() throws Exception {
        DatasetDescription incomplete = EncodedSet.write(path(folder), CONF, SIZE, ROWS, EncodedSet::jpeg);
        Files.delete(folder.resolve("train-3.parquet"));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> open(incomplete, folder))
                .withMessageContaining("train-3.parquet is missing");
    }

    @Test
    void windowsThatDoNotFitTheHeapAreRefused() {
        assertThatExceptionOfType(SplitTooLargeException.class)
                .isThrownBy(() -> StreamedImages.open(dataset, path(shared), CONF, "train", 10_000, 1 << 20))
                .withMessageContaining("raise the heap");
    }

    private List<Integer> labels(List<Seen> batches) {
        return batches.stream().flatMap(seen -> seen.labels().stream()).toList();
    }

    private List<Seen> batches(StreamedImages images, int epoch, int rank, int ranks, int threads) throws Exception {
        List<Seen> batches = new ArrayList<>();
        try (BatchLoader loader = loader(images, epoch, rank, ranks, threads)) {
            for (Optional<ImageBatch> next = loader.next(); next.isPresent(); next = loader.next()) {
                ImageBatch batch = next.get();
                int values = images.shape().values();
                float[] pixels = batch.normalized();
                batches.add(new Seen(
                        Arrays.stream(batch.labels(), 0, batch.count()).boxed().toList(),
                        IntStream.range(0, batch.count())
                                .mapToObj(i -> Arrays.copyOfRange(pixels, i * values, (i + 1) * values))
                                .toList()));
            }
        }
        return batches;
    }

    private BatchLoader loader(StreamedImages images, int epoch, int rank, int ranks, int threads) {
        int[] order = images.order(1, epoch, IntStream.range(0, IMAGES).toArray(), BATCH);
        return images.load(
                new SharedOrder(order, new BatchSlices(BATCH, rank, ranks)),
                new ImageTransform(images.shape(), Normalization.of(dataset), augmentation, 1, epoch),
                2,
                threads);
    }

    private static StreamedImages open() throws InterruptedException {
        return open(dataset, shared);
    }

    private static StreamedImages open(DatasetDescription dataset, java.nio.file.Path folder)
            throws InterruptedException {
        return StreamedImages.open(dataset, path(folder), CONF, "train", Long.MAX_VALUE, WINDOW);
    }

    private static Path path(java.nio.file.Path folder) {
        return new Path(folder.toUri());
    }
}
