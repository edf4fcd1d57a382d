package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.data.ImageShape;
import io.densespark.data.prepare.Prepare;
import io.densespark.data.prepare.PrepareSettings;
import io.densespark.data.source.BundledMnist;
import io.densespark.spark.JobException;
import io.densespark.spark.settings.SettingValues;
import io.densespark.spark.settings.TrainSettings;
import io.densespark.spark.store.CheckpointStore;
import io.densespark.spark.store.EpochProgress;
import io.densespark.spark.store.Manifest;
import io.densespark.spark.store.RankSums;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Digits of 28x28: behind the ImageNet stem the maps of a third block are 1x1, behind the small one 7x7. */
class RunPlanTest {
    private static final Configuration CONF = new Configuration();

    @TempDir
    private static java.nio.file.Path folder;

    private static PreparedData digits;

    @BeforeAll
    static void prepareDigits() throws IOException {
        Path data = new Path(folder.resolve("data").toUri());
        Prepare.run(
                BundledMnist.open(), CONF, data, new PrepareSettings(PrepareSettings.DEFAULT_ROWS_PER_SHARD, false));
        digits = PreparedData.read(data, CONF);
    }

    private static RunPlan plan(String stem, int batch, int replicas) {
        Map<String, String> settings = Map.of(
                "data",
                "data",
                "save",
                "save",
                "block-config",
                "1,1,1",
                "stem",
                stem,
                "batch-size",
                Integer.toString(batch));
        return RunPlan.first(
                TrainSettings.of(SettingValues.parse(settings)).decided(1, replicas),
                digits,
                "attempt",
                new Beginning.Random());
    }

    @ParameterizedTest
    @CsvSource({"true, 2, 3, true", "false, 2, 2, true", "false, 2, 3, false"})
    void onlyRowsThatLieWithTheirReplicasMustGoOnWithAsManyWithinAnEpoch(
            boolean hasOneOrder, int then, int now, boolean goesOn) {
        Feeder feeder = hasOneOrder ? plan("small", 64, 2).feeder() : new RowFeeder(new ImageShape(28, 28, 1));
        RunPlan plan = RunPlan.first(
                plan("small", 64, now).settings(), new GivenData(digits.facts(), feeder), "a", new Beginning.Random());
        List<RankSums> sums = Collections.nCopies(then, new RankSums(1, 1, 1, 2, 1, 1, 1));
        Manifest manifest = new Manifest(
                Manifest.FORMAT_WITHIN_EPOCH,
                1,
                Map.of(),
                List.of(),
                0,
                "",
                new EpochProgress(5, 1, sums),
                1,
                "0".repeat(64));
        ThrowingCallable request = () -> plan.requireSameShares(new CheckpointStore.Complete("there", manifest));

        if (goesOn) {
            assertThatCode(request).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(request)
                    .isInstanceOf(JobException.class)
                    .hasMessageContainingAll(
                            "checkpoint there is of the middle of an epoch that 2", "go on with replicas 2");
        }
    }

    @Test
    void aLastBatchThatIsASingleImageIsRefusedWhereItsFeatureMapsAreSinglePixels() {
        assertThatThrownBy(() -> plan("imagenet", 64, 8).requireStatistics(64 * 10 + 1))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("the last batch of an epoch is a single image (641 training images")
                .hasMessageContaining("--valid-size");
        assertThatCode(() -> plan("imagenet", 64, 8).requireStatistics(64 * 10 + 2))
                .doesNotThrowAnyException();
        assertThatCode(() -> plan("small", 64, 8).requireStatistics(64 * 10 + 1))
                .doesNotThrowAnyException();
    }

    @Test
    void batchesThatGiveAReplicaASingleImageAreRefusedThere() {
        assertThatThrownBy(() -> plan("imagenet", 15, 8).requireStatistics(1000))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("setting batch-size 15 gives some of 8 replicas a single image a step")
                .hasMessageContaining("set --batch-size to 16 or more, or --replicas lower");
        assertThatCode(() -> plan("imagenet", 16, 8).requireStatistics(1000)).doesNotThrowAnyException();
        assertThatCode(() -> plan("small", 8, 8).requireStatistics(1000)).doesNotThrowAnyException();
    }
}
