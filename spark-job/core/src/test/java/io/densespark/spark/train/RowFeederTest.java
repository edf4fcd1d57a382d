package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.data.DataException;
import io.densespark.data.ImageShape;
import io.densespark.data.batch.Augmentation;
import io.densespark.data.batch.BatchLoader;
import io.densespark.data.batch.ImageBatch;
import io.densespark.data.batch.ImageTransform;
import io.densespark.data.batch.SpoolException;
import io.densespark.model.collective.SingleReplica;
import io.densespark.spark.JobException;
import io.densespark.spark.settings.SettingValues;
import io.densespark.spark.settings.TrainSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowFeederTest {
    /** A spool writes 4 MiB at once: 16 images here. */
    private static final ImageShape SHAPE = new ImageShape(512, 512, 1);

    private static final int ROWS = 40;

    @TempDir
    private Path folder;

    private static RunPlan plan(String validSize) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "data", "rows", "save", "nowhere", "depth", "10", "growth-rate", "4", "batch-size", "7", "seed", "3"));
        settings.put("valid-size", validSize);
        TrainSettings decided = TrainSettings.of(SettingValues.parse(settings)).decided(3, 1);
        DataFacts facts = new DataFacts("rows", SHAPE, List.of("a", "b"), ROWS, false, "rows");
        return RunPlan.first(decided, new GivenData(facts, new RowFeeder(SHAPE)), "attempt", new Beginning.Random());
    }

    private static List<Row> rows() {
        Random random = new Random(1);
        return IntStream.range(0, ROWS)
                .mapToObj(i -> {
                    byte[] pixels = new byte[SHAPE.bytes()];
                    random.nextBytes(pixels);
                    return RowFactory.create(pixels, i % 2, false, 1f, "");
                })
                .toList();
    }

    private LoneRank rank(RunPlan plan, long heapForImages, Path localFolder, List<Row> rows) {
        return new LoneRank(new Configuration(), plan.replica(), heapForImages, localFolder, rows);
    }

    private static float[][] images(Feed feed, Feed.Part part) throws InterruptedException {
        ImageTransform transform = new ImageTransform(SHAPE, feed.normalization(), Augmentation.NONE, 3, 0);
        List<float[]> images = new ArrayList<>();
        try (BatchLoader loader = part.images().load(part.share(), transform, 2, 1)) {
            for (Optional<ImageBatch> batch = loader.next(); batch.isPresent(); batch = loader.next()) {
                for (int i = 0; i < batch.get().count(); i++) {
                    float[] image =
                            Arrays.copyOfRange(batch.get().normalized(), i * SHAPE.values(), (i + 1) * SHAPE.values());
                    images.add(image);
                }
            }
        }
        return images.toArray(float[][]::new);
    }

    @Test
    void whatDoesntFitTheHeapIsTrainedOnFromADiskToTheSameImagesInTheSameOrder() throws Exception {
        RunPlan plan = plan("9");
        try (RankImages inHeap = new RowFeeder(SHAPE).open(rank(plan, Long.MAX_VALUE, Path.of("nowhere"), rows()));
                RankImages onDisk = new RowFeeder(SHAPE).open(rank(plan, 5_000_000, folder, rows()))) {
            Feed expected = inHeap.join(plan, new SingleReplica());
            Feed actual = onDisk.join(plan, new SingleReplica());
            assertThat(actual.normalization()).isEqualTo(expected.normalization());
            for (int epoch = 0; epoch < 2; epoch++) {
                assertThat(images(actual, actual.training(epoch)))
                        .hasDimensions(ROWS - 9, SHAPE.values())
                        .isDeepEqualTo(images(expected, expected.training(epoch)));
            }
            assertThat(images(actual, actual.validation()))
                    .hasDimensions(9, SHAPE.values())
                    .isDeepEqualTo(images(expected, expected.validation()));
        }
    }

    @Test
    void aDiskThatCantBeWrittenIsNamedWhenTheImagesCome() {
        RunPlan plan = plan("0");
        assertThatThrownBy(() -> new RowFeeder(SHAPE).open(rank(plan, 0, folder.resolve("none"), rows())))
                .isInstanceOf(SpoolException.class)
                .hasMessageContaining(folder.resolve("none").toString());
    }

    @Test
    void moreRowsKeptAsideThanCameAreRefused() throws Exception {
        RunPlan plan = plan("9");
        for (int rows : new int[] {0, 9}) {
            try (RankImages images =
                    new RowFeeder(SHAPE).open(rank(plan, Long.MAX_VALUE, folder, rows().subList(0, rows)))) {
                assertThatThrownBy(() -> images.join(plan, new SingleReplica()))
                        .isInstanceOf(JobException.class)
                        .hasMessageContaining("only " + rows + " images can be learnt from, and valid-size keeps 9");
            }
        }
    }

    @Test
    void aRowThatCantBeUsedEndsTheReading() {
        RunPlan plan = plan("0");
        List<Row> rows = List.of(RowFactory.create(new byte[0], 0, false, 1f, "image 7 is half a PNG"));
        assertThatThrownBy(() -> new RowFeeder(SHAPE).open(rank(plan, 0, folder, rows)))
                .isInstanceOf(DataException.class)
                .hasMessage("image 7 is half a PNG");
    }
}
