package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.densespark.data.DatasetDescription;
import io.densespark.data.ImageShape;
import io.densespark.data.LabelKind;
import io.densespark.data.Shard;
import io.densespark.data.shard.ImageRow;
import io.densespark.data.shard.ShardFormat;
import io.densespark.data.shard.ShardWriter;
import io.densespark.spark.JobException;
import io.densespark.spark.settings.SettingValues;
import io.densespark.spark.settings.TrainSettings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data set that has a validation split of its own. */
class ValidationSplitTest {
    private static final Configuration CONF = new Configuration();

    @TempDir
    private Path folder;

    @Test
    void itIsTakenInPlaceOfSomeOfTheTrainingImages() throws Exception {
        RunPlan plan = plan(write(new ImageShape(8, 8, 1)), Map.of());
        assertThat(plan.validSize()).isZero();
        assertThat(plan.identity()).containsEntry("valid-size", "0");
        assertTrainsOnAllAndValidatesOnFive(plan);
    }

    @Test
    void imagesOf16BitsAreTrainedOnToo() throws Exception {
        assertTrainsOnAllAndValidatesOnFive(plan(write(new ImageShape(8, 8, 1, 16)), Map.of()));
    }

    private void assertTrainsOnAllAndValidatesOnFive(RunPlan plan) throws Exception {
        LoneRun run = LoneRun.train(plan, progress -> {});
        assertThat(run.steps()).isEqualTo(2);
        double wrong = run.rows().get(0).validError() * 5;
        assertThat(wrong).isEqualTo(Math.rint(wrong), within(1e-9)).isBetween(0.0, 5.0);
    }

    @Test
    void withoutItATenthOfTheTrainingImagesIsKeptAside() {
        ImageShape shape = new ImageShape(8, 8, 1);
        DatasetDescription dataset = write(
                shape,
                Map.of(
                        "train", List.of(shard("train", shape, 20)),
                        "test", List.of(shard("test", shape, 1))));
        RunPlan plan = plan(dataset, Map.of());

        assertThat(plan.validSize()).isEqualTo(2);
        assertThat(plan.identity()).containsEntry("valid-size", "2");
        assertThat(plan(dataset, Map.of("valid-size", "3")).validSize()).isEqualTo(3);
    }

    @Test
    void aValidSizeBesideItIsRefusedUnlessItIsZero() {
        DatasetDescription dataset = write(new ImageShape(8, 8, 1));
        assertThatThrownBy(() -> plan(dataset, Map.of("valid-size", "3")))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("setting valid-size is 3")
                .hasMessageContaining("a validation split of its own: leave out valid-size, or set --valid-size 0");
        assertThat(plan(dataset, Map.of("valid-size", "0")).validSize()).isZero();
    }

    private RunPlan plan(DatasetDescription dataset, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "data",
                folder.toString(),
                "save",
                folder.resolve("save").toString(),
                "depth",
                "10",
                "growth-rate",
                "4",
                "epochs",
                "1",
                "batch-size",
                "10",
                "crop-padding",
                "1"));
        settings.putAll(more);
        TrainSettings decided = TrainSettings.of(SettingValues.parse(settings)).decided(7, 1);
        PreparedData data = new PreparedData(new org.apache.hadoop.fs.Path(folder.toUri()), dataset);
        return RunPlan.first(decided, data, "attempt", new Beginning.Random());
    }

    private DatasetDescription write(ImageShape shape) {
        return write(
                shape,
                Map.of(
                        "train", List.of(shard("train", shape, 20)),
                        "validation", List.of(shard("validation", shape, 5)),
                        "test", List.of(shard("test", shape, 1))));
    }

    private DatasetDescription write(ImageShape shape, Map<String, List<Shard>> splits) {
        DatasetDescription dataset = DatasetDescription.of(
                "noise",
                "nowhere",
                List.of("a", "b"),
                LabelKind.CLASS,
                false,
                shape,
                List.of(0.5),
                List.of(0.3),
                splits,
                Optional.empty());
        dataset.write(CONF, new org.apache.hadoop.fs.Path(folder.toUri()));
        return dataset;
    }

    private Shard shard(String name, ImageShape shape, int rows) {
        Random random = new Random(rows);
        org.apache.hadoop.fs.Path file =
                new org.apache.hadoop.fs.Path(folder.resolve(name + ".parquet").toUri());
        try (ShardWriter writer = new ShardWriter(CONF, file, ShardFormat.plain(shape, 2))) {
            for (int i = 0; i < rows; i++) {
                byte[] pixels = new byte[shape.bytes()];
                random.nextBytes(pixels);
                writer.write(ImageRow.ofClass(i, name + i, i % 2, pixels));
            }
            return writer.finish();
        }
    }
}
