package io.densespark.data.batch;

import static io.densespark.data.fixture.DataExceptions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.data.ImageShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class BatchLoaderTest {
    private static final ImageShape SHAPE = new ImageShape(6, 5, 2);
    private static final int SIZE = 23;
    private static final int[] ORDER =
            EpochOrder.permutation(8, 2, IntStream.range(0, SIZE).toArray());

    private final ImageSet images = images();
    private final ImageTransform transform = new ImageTransform(
            SHAPE, new Normalization(List.of(0.5f, 0.4f), List.of(0.3f, 0.2f)), new Augmentation(2, true), 8, 2);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void theRanksTogetherSeeEveryExampleOnceInTheOrderOfTheEpoch(int worldSize) throws InterruptedException {
        // Batches of 10, 10 and 3: with 5 ranks, two are empty in the last one.
        List<List<Integer>> labelsOfBatches = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        List<Float> pixels = new ArrayList<>();
        float[][][] slices = new float[worldSize][3][];
        for (int rank = 0; rank < worldSize; rank++) {
            try (BatchLoader loader = loader(10, rank, worldSize, 2)) {
                assertThat(loader.batches()).isEqualTo(3);
                for (int b = 0; b < 3; b++) {
                    ImageBatch batch = loader.next().orElseThrow();
                    assertThat(batch.globalCount()).isEqualTo(b < 2 ? 10 : 3);
                    for (int i = 0; i < batch.count(); i++) {
                        labelsOfBatches.get(b).add(batch.labels()[i]);
                    }
                    slices[rank][b] = batch.normalized();
                }
                assertThat(loader.next()).isEmpty();
                assertThat(loader.next()).isEmpty();
            }
        }
        for (int b = 0; b < 3; b++) {
            for (int rank = 0; rank < worldSize; rank++) {
                for (float value : slices[rank][b]) {
                    pixels.add(value);
                }
            }
        }
        // Labels are the images' own indices here.
        assertThat(labelsOfBatches.stream().flatMap(List::stream))
                .containsExactlyElementsOf(Arrays.stream(ORDER).boxed().toList());
        assertThat(pixels).isEqualTo(allPixels());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 50})
    void prefetchingChangesNothing(int prefetch) throws InterruptedException {
        List<Integer> labels = new ArrayList<>();
        try (BatchLoader loader = loader(4, 0, 1, prefetch)) {
            for (Optional<ImageBatch> batch = loader.next(); batch.isPresent(); batch = loader.next()) {
                for (int i = 0; i < batch.get().count(); i++) {
                    labels.add(batch.get().labels()[i]);
                }
            }
        }
        assertThat(labels)
                .containsExactlyElementsOf(Arrays.stream(ORDER).boxed().toList());
    }

    @Test
    void aBatchStaysAsItIsUntilTheNextCall() throws InterruptedException {
        CountDownLatch second = new CountDownLatch(1);
        BatchLoader.Filler filler = (batch, into) -> {
            into.start(1);
            into.labels()[0] = batch;
            if (batch == 1) {
                second.countDown();
            }
        };
        try (BatchLoader loader = loader(5, 1, filler)) {
            ImageBatch first = loader.next().orElseThrow();
            second.await();
            assertThat(first.labels()[0]).isZero();
            assertThat(loader.next().orElseThrow().labels()[0]).isEqualTo(1);
            // Two buffers: the third batch is in that of the first.
            assertThat(loader.next().orElseThrow()).isSameAs(first);
        }
    }

    @Test
    void theThreadIsAtMostThePrefetchAhead() throws InterruptedException {
        List<Integer> started = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch third = new CountDownLatch(3);
        BatchLoader.Filler filler = (batch, into) -> {
            started.add(batch);
            third.countDown();
        };
        try (BatchLoader loader = loader(10, 2, filler)) {
            third.await();
            assertThat(loader.next()).isPresent();
            // Three buffers, one of them lent: whatever the thread does, it has not begun a fourth.
            assertThat(started).containsExactly(0, 1, 2);
        }
    }

    @Test
    void anEmptyOrderHasNoBatches() throws InterruptedException {
        try (BatchLoader loader =
                new BatchLoader(images, new SharedOrder(new int[0], new BatchSlices(4, 0, 1)), transform, 1)) {
            assertThat(loader.batches()).isZero();
            assertThat(loader.next()).isEmpty();
        }
    }

    @Test
    void anExceptionOfTheThreadComesToTheCallerAfterTheBatchesBeforeIt() throws InterruptedException {
        IllegalArgumentException problem = new IllegalArgumentException("bad image");
        assertThrownAfterTwoBatches(problem);
    }

    @Test
    void anErrorOfTheThreadComesToTheCallerAfterTheBatchesBeforeIt() throws InterruptedException {
        assertThrownAfterTwoBatches(new OutOfMemoryError("made up"));
    }

    @Test
    void anIndexOutsideTheImagesComesToTheCaller() throws InterruptedException {
        try (BatchLoader loader =
                new BatchLoader(images, new SharedOrder(new int[] {0, SIZE}, new BatchSlices(2, 0, 1)), transform, 1)) {
            assertThatThrownBy(loader::next).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void closingStopsAThreadThatWaitsForABuffer() throws InterruptedException {
        BatchLoader loader = loader(1, 0, 1, 1);
        Thread thread = threadOfTheOnlyLoader();
        assertThat(thread.isDaemon()).isTrue();
        assertThat(loader.next()).isPresent();
        loader.close();
        loader.close();
        assertThat(thread.isAlive()).isFalse();
        assertThatIllegalStateException().isThrownBy(loader::next);
    }

    @Test
    void closingStopsAThreadWithinABatch() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        BatchLoader loader = loader(5, 1, (batch, into) -> {
            started.countDown();
            never.await();
        });
        started.await();
        Thread thread = threadOfTheOnlyLoader();
        loader.close();
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void timeIsCountedWhereTheCallerHadToWait() throws InterruptedException {
        CountDownLatch callerIsWaiting = new CountDownLatch(1);
        Thread caller = Thread.currentThread();
        BatchLoader.Filler filler = (batch, into) -> {
            if (batch == 0) {
                callerIsWaiting.await();
                while (caller.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
            }
        };
        try (BatchLoader loader = loader(2, 1, filler)) {
            assertThat(loader.waitNanos()).isZero();
            callerIsWaiting.countDown();
            assertThat(loader.next()).isPresent();
            assertThat(loader.waitNanos()).isPositive();
        }
    }

    @Test
    void settingsOutOfRangeAreNamed() {
        assertRefused(() -> loader(1, 0, 1, 0), "prefetch 0");
        int[] many = new int[200_000];
        assertRefused(
                () -> new BatchLoader(
                        ImageSet.of(new ImageShape(200, 200, 3), new byte[120_000], new int[1]),
                        new SharedOrder(many, new BatchSlices(200_000, 0, 1)),
                        transform,
                        1),
                "batch of 200000 images of 200x200x3",
                "smaller batch");
    }

    private void assertThrownAfterTwoBatches(Throwable problem) throws InterruptedException {
        BatchLoader.Filler filler = (batch, into) -> {
            if (batch == 2 && problem instanceof Error error) {
                throw error;
            }
            if (batch == 2) {
                throw (RuntimeException) problem;
            }
        };
        try (BatchLoader loader = loader(5, 1, filler)) {
            assertThat(loader.next()).isPresent();
            assertThat(loader.next()).isPresent();
            assertThatThrownBy(loader::next).isSameAs(problem);
            assertThatThrownBy(loader::next).isSameAs(problem);
        }
    }

    private BatchLoader loader(int globalBatch, int rank, int worldSize, int prefetch) {
        return new BatchLoader(
                images, new SharedOrder(ORDER, new BatchSlices(globalBatch, rank, worldSize)), transform, prefetch);
    }

    /** A loader of {@code batches} batches of one example each. */
    private BatchLoader loader(int batches, int prefetch, BatchLoader.Filler filler) {
        return new BatchLoader(
                SHAPE, transform, new SharedOrder(new int[batches], new BatchSlices(1, 0, 1)), prefetch, () -> filler);
    }

    private static Thread threadOfTheOnlyLoader() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("densespark-batch-loader"))
                .findFirst()
                .orElseThrow();
    }

    private List<Float> allPixels() {
        List<Float> all = new ArrayList<>();
        float[] out = new float[SHAPE.bytes()];
        for (int index : ORDER) {
            transform.apply(images, index, out, 0);
            for (float value : out) {
                all.add(value);
            }
        }
        return all;
    }

    /** Image i has the label i. */
    private static ImageSet images() {
        byte[] pixels = new byte[SIZE * SHAPE.bytes()];
        new Random(1).nextBytes(pixels);
        return ImageSet.of(SHAPE, pixels, IntStream.range(0, SIZE).toArray());
    }
}
