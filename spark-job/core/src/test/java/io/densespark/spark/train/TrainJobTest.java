package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.data.prepare.Prepare;
import io.densespark.data.prepare.PrepareSettings;
import io.densespark.data.source.BundledMnist;
import io.densespark.model.weights.NamedTensor;
import io.densespark.spark.JobException;
import io.densespark.spark.metrics.EpochRow;
import io.densespark.spark.settings.SettingValues;
import io.densespark.spark.settings.TrainSettings;
import io.densespark.spark.store.CheckpointStore;
import io.densespark.spark.store.RunPosition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the driver finds before it starts a stage. */
class TrainJobTest {
    private static final Configuration CONF = new Configuration();

    @TempDir
    private static Path shared;

    @TempDir
    private Path save;

    private static JavaSparkContext sc;

    @BeforeAll
    static void start() throws IOException {
        Prepare.run(
                BundledMnist.open(),
                CONF,
                new org.apache.hadoop.fs.Path(shared.resolve("data").toUri()),
                new PrepareSettings(PrepareSettings.DEFAULT_ROWS_PER_SHARD, false));
        sc = new JavaSparkContext(new SparkConf()
                .setMaster("local[1]")
                .setAppName("train job")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1"));
    }

    @AfterAll
    static void stop() {
        sc.stop();
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
                        new RunPosition(42, Map.of(), history, 1, "epoch-0001.x"));
    }

    @Test
    void aBestCheckpointThatSomebodyDeletedIsNamedBeforeTheFirstStep() throws IOException {
        writeCheckpoint(1);
        writeCheckpoint(2);
        for (String file : List.of("state.safetensors", "manifest.json")) {
            assertThat(save.resolve("checkpoints/epoch-0001.x")
                            .resolve(file)
                            .toFile()
                            .delete())
                    .isTrue();
        }
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        TrainSettings settings = TrainSettings.of(SettingValues.parse(
                Map.of("data", shared.resolve("data").toString(), "save", save.toString(), "valid-size", "100")));

        assertThatThrownBy(() ->
                        new TrainJob(sc, new PrintStream(printed, true, StandardCharsets.UTF_8), false).run(settings))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("epoch-0001.x of the best epoch, 1, is missing");
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
    }
}
