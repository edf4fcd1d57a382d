package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.data.prepare.Prepare;
import io.densespark.data.prepare.PrepareSettings;
import io.densespark.data.source.BundledMnist;
import io.densespark.model.replica.Replica;
import io.densespark.spark.metrics.RankProgress;
import io.densespark.spark.settings.SettingValues;
import io.densespark.spark.settings.TrainSettings;
import io.densespark.spark.store.CheckpointStore;
import io.densespark.spark.tensorboard.EventReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One rank alone, whose weights are spoiled at a chosen step. */
class TrainerTest {
    private static final int STEPS = 2;
    private static final Configuration CONF = new Configuration();

    @TempDir
    private static Path shared;

    @TempDir
    private Path folder;

    private static String data;

    @BeforeAll
    static void prepareDigits() throws IOException {
        data = shared.resolve("data").toString();
        Prepare.run(
                BundledMnist.open(),
                CONF,
                new org.apache.hadoop.fs.Path(data),
                new PrepareSettings(PrepareSettings.DEFAULT_ROWS_PER_SHARD, false));
    }

    @Test
    void aLossThatIsNotFiniteNamesRankStepAndTheNewestCheckpoint() {
        assertThatThrownBy(() -> trainSpoiledAt(progress -> progress.epoch() == 2 && progress.step() == 1))
                .isInstanceOf(NonFiniteLossException.class)
                .hasMessageContaining("the loss of rank 0 is not a finite number at epoch 2, step 2")
                .hasMessageContaining("the last good checkpoint is epoch-0001.attempt");
        assertThat(stepsInTensorBoardsFiles()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void weightsThatTheLastStepOfAnEpochSpoiledAreNotKept() throws IOException {
        assertThatThrownBy(() -> trainSpoiledAt(progress -> progress.epoch() == 2 && progress.step() == STEPS))
                .isInstanceOf(NonFiniteLossException.class)
                .hasMessageContaining("the weights are not finite after epoch 2")
                .hasMessageContaining("the last good checkpoint is epoch-0001.attempt");
        assertThat(new CheckpointStore(new org.apache.hadoop.fs.Path(folder + "/checkpoints"), CONF)
                        .newest()
                        .orElseThrow()
                        .folder())
                .isEqualTo("epoch-0001.attempt");
        assertThat(stepsInTensorBoardsFiles()).containsExactly(1L, 2L, 3L, 4L);
    }

    private Set<Long> stepsInTensorBoardsFiles() {
        return EventReader.series(folder.resolve("tensorboard"))
                .get("step/loss")
                .keySet();
    }

    private void trainSpoiledAt(Predicate<RankProgress> moment) throws Exception {
        RunPlan plan = plan();
        LoneRun.train(plan, (replica, progress) -> {
            if (moment.test(progress)) {
                spoil(replica);
            }
        });
    }

    private static void spoil(Replica replica) {
        replica.parameters().slice(0, 1).set(new float[] {Float.NaN});
    }

    private RunPlan plan() {
        Map<String, String> settings = new HashMap<>(Map.of(
                "data",
                data,
                "save",
                folder.toString(),
                "depth",
                "10",
                "growth-rate",
                "4",
                "epochs",
                "3",
                "flip",
                "false"));
        settings.putAll(Map.of("batch-size", "32", "valid-size", "8936", "seed", "7", "crop-padding", "0"));
        TrainSettings decided = TrainSettings.of(SettingValues.parse(settings)).decided(7, 1);
        PreparedData digits = PreparedData.read(new org.apache.hadoop.fs.Path(data), CONF);
        return RunPlan.first(decided, digits, "attempt", new Beginning.Random());
    }
}
