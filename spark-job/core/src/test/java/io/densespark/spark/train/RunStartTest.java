package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.data.ImageShape;
import io.densespark.data.fixture.Digits;
import io.densespark.model.weights.NamedTensor;
import io.densespark.spark.JobException;
import io.densespark.spark.metrics.EpochRow;
import io.densespark.spark.settings.SettingValues;
import io.densespark.spark.settings.TrainSettings;
import io.densespark.spark.store.CheckpointStore;
import io.densespark.spark.store.EpochProgress;
import io.densespark.spark.store.RunPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the driver finds before there is any Spark. */
class RunStartTest {
    private static final Configuration CONF = new Configuration();

    @TempDir
    private static Path shared;

    @TempDir
    private Path save;

    private static Path data;

    @BeforeAll
    static void prepare() {
        data = Digits.prepareFirst(shared, 200, 10);
    }

    private void writeCheckpoint(int epochs) throws IOException {
        List<EpochRow> history = new ArrayList<>();
        for (int epoch = 1; epoch <= epochs; epoch++) {
            history.add(new EpochRow(epoch, 1, 0.5, 1, 0.4 + 0.1 * epoch, 1, 1, 1, 0, 0, 0, "digest", 0, 1));
        }
        new CheckpointStore(new org.apache.hadoop.fs.Path(save + "/checkpoints"), CONF)
                .write(
                        "epoch-000" + epochs + ".x",
                        Map.of("weights", new NamedTensor(List.of(2), new float[] {1, 2})),
                        new RunPosition(42, Map.of(), history, 1, "epoch-0001.x", EpochProgress.NONE));
    }

    private RunStart start() throws IOException {
        return RunStart.of(
                TrainSettings.of(SettingValues.parse(
                        Map.of("data", data.toString(), "save", save.toString(), "valid-size", "100"))),
                CONF);
    }

    private void assertRefused(String words) {
        assertThatThrownBy(this::start).isInstanceOf(JobException.class).hasMessageContaining(words);
    }

    @Test
    void aNewRunBeginsWithRandomWeightsAndLeavesNothingYet() throws IOException {
        RunStart start = start();

        assertThat(start.beginning()).isEqualTo(new Beginning.Random());
        assertThat(start.settings(3).cluster().replicas()).hasValue(3);
        assertThat(start.settings(300).cluster().replicas()).hasValue(64);
        assertThat(start.settings(3).seed()).hasValue(start.seed());
        assertThat(save).isEmptyDirectory();
    }

    @Test
    void aSingleClassIsNothingToLearn() {
        DataFacts facts = new DataFacts("cats", new ImageShape(28, 28, 1), List.of("cat"), 200, false, "sum");
        TrainSettings asked = TrainSettings.of(
                SettingValues.parse(Map.of("data", "cats", "save", save.toString(), "valid-size", "100")));
        assertThatThrownBy(() -> RunStart.of(asked, new GivenData(facts, new RowFeeder(facts.shape())), CONF))
                .isInstanceOf(JobException.class)
                .hasMessage("data set cats has one class only, cat: a classifier needs two or more");
    }

    @Test
    void aBestCheckpointThatSomebodyDeletedIsNamed() throws IOException {
        writeCheckpoint(1);
        writeCheckpoint(2);
        for (String file : List.of("state.safetensors", "manifest.json")) {
            Files.delete(save.resolve("checkpoints/epoch-0001.x").resolve(file));
        }

        assertRefused("epoch-0001.x of the best epoch, 1, is missing");
    }

    @Test
    void aCheckpointOfOtherSettingsIsNamed() throws IOException {
        writeCheckpoint(1);

        assertRefused("checkpoint epoch-0001.x was trained with ");
    }

    @Test
    void aRunThatIsFinishedIsLeftAlone() throws IOException {
        Files.writeString(save.resolve("result.json"), "{\"ranks\": []}");

        assertRefused("holds a finished run (result.json)");
    }

    @Test
    void aFileInThePlaceOfAFolderOfTheRunsIsNamed() throws IOException {
        for (String folder : List.of("checkpoints", "tensorboard", "model")) {
            Path file = Files.createFile(save.resolve(folder));
            assertRefused(folder + " is a file, and a run makes a folder of that name");
            Files.delete(file);
        }
    }
}
