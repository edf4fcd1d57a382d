package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.densespark.data.DatasetDescription;
import io.densespark.data.decode.PixelFormat;
import io.densespark.data.fixture.ImageFiles;
import io.densespark.data.prepare.RecordSettings;
import io.densespark.data.prepare.RecordsPrepare;
import io.densespark.data.records.FolderSource;
import io.densespark.model.libtorch.LibTorch;
import io.densespark.model.network.Parameter;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.weights.NamedTensor;
import io.densespark.spark.metrics.EpochRow;
import io.densespark.spark.predict.OnBadImage;
import io.densespark.spark.predict.PredictInput;
import io.densespark.spark.predict.PredictJob;
import io.densespark.spark.predict.PredictOutput;
import io.densespark.spark.settings.SettingValues;
import io.densespark.spark.settings.TrainSettings;
import io.densespark.spark.store.CheckpointStore;
import io.densespark.spark.store.ModelFolder;
import io.densespark.spark.store.RankSums;
import io.densespark.spark.store.SparkOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sixty JPEG files of differing sizes, kept encoded and trained on as they are decoded. */
class StreamedTrainingTest {
    private static final String CACHE = "org.bytedeco.javacpp.cachedir";
    private static final int EPOCHS = 2;

    @TempDir
    private static Path shared;

    @TempDir
    private Path folder;

    private static JavaSparkContext sc;
    private static String cacheBefore;
    private static org.apache.hadoop.fs.Path data;

    @BeforeAll
    static void prepare() {
        // From now on it doesn't matter that ranks name a folder of Spark's for the library.
        LibTorch.setThreads(1);
        cacheBefore = System.getProperty(CACHE);
        sc = new JavaSparkContext(new SparkConf()
                .setMaster("local[2]")
                .setAppName("streamed training")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.sql.shuffle.partitions", "2"));
        for (int i = 0; i < 30; i++) {
            Path split = shared.resolve(i < 27 ? "in/train" : "in/test");
            ImageFiles.write(split.resolve("wide/" + i + ".jpg"), ImageFiles.jpeg(12 + i % 5, 30, i));
            ImageFiles.write(split.resolve("high/" + i + ".jpg"), ImageFiles.jpeg(30, 12 + i % 7, i));
        }
        SparkSession spark = SparkSession.builder().sparkContext(sc.sc()).getOrCreate();
        data = new org.apache.hadoop.fs.Path(shared.resolve("data").toUri());
        DatasetDescription made = RecordsPrepare.run(
                spark,
                FolderSource.open(
                        spark,
                        new org.apache.hadoop.fs.Path(shared.resolve("in").toUri())),
                data,
                new RecordSettings(
                        PixelFormat.RGB8,
                        OptionalInt.of(8),
                        OptionalInt.of(9),
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        0,
                        OptionalDouble.empty(),
                        false,
                        true));
        assertThat(made.count("train")).isEqualTo(54);
    }

    @AfterAll
    static void stop() {
        sc.stop();
        if (cacheBefore == null) {
            System.clearProperty(CACHE);
        }
    }

    @Test
    void twoRanksTrainValidateAndTestAndPredictionsAreThoseOfTheTest() throws Exception {
        TrainSettings settings = TrainSettings.of(settings(Map.of("save", folder.toString(), "replicas", "2")));

        TrainResult result = job().run(RunStart.of(settings, sc.hadoopConfiguration()));

        assertThat(result.ranks()).hasSize(2).allMatch(rank -> rank.steps() == 5 * EPOCHS);
        assertThat(result.ranks().get(0).weightsSha256())
                .isEqualTo(result.ranks().get(1).weightsSha256());
        assertThat(result.dataWaitShare()).isBetween(0.0, 1.0);
        assertThat(result.accuracy() * 6).isBetween(0.0, 6.0);
        List<String> rows = Files.readAllLines(folder.resolve("results.csv"));
        assertThat(rows).hasSize(EPOCHS + 2);
        for (String row : rows.subList(1, EPOCHS + 1)) {
            String[] columns = row.split(",", -1);
            double wrong = Double.parseDouble(columns[4]) * 4;
            assertThat(wrong).isEqualTo(Math.rint(wrong));
            assertThat(Double.parseDouble(columns[9])).isNotNegative();
        }
        JsonNode written = TrainRun.json(Files.readString(folder.resolve("result.json")));
        assertThat(written.get("data_wait_share").asDouble()).isEqualTo(result.dataWaitShare());
        assertThat(shareOfRightPredictions(result.model())).isEqualTo(result.accuracy());
    }

    private static TrainJob job() {
        return new TrainJob(sc, new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8), false);
    }

    private static Optional<CheckpointStore.Complete> checkpoint(CheckpointStore store, String folder) {
        try {
            return store.read(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private double shareOfRightPredictions(String model) throws IOException {
        Configuration conf = sc.hadoopConfiguration();
        org.apache.hadoop.fs.Path output =
                new org.apache.hadoop.fs.Path(folder.resolve("predictions").toUri());
        PredictJob.Result predicted = PredictJob.run(
                sc,
                ModelFolder.read(new org.apache.hadoop.fs.Path(model), conf),
                PredictInput.ofDataset(data, DatasetDescription.TEST, conf),
                new PredictOutput(SparkOutput.begin(output, false, conf), PredictOutput.Format.parquet, 1),
                4,
                OnBadImage.FAIL);
        Dataset<Row> rows = SparkSession.active().read().parquet(output.toString());
        return rows.filter("prediction = label").count() / (double) predicted.images();
    }

    @ParameterizedTest
    @CsvSource({"0, epoch-0001.attempt", "2, epoch-0001-step-0000002.attempt"})
    void aRunThatGoesOnSeesTheOrderThatItWouldHaveSeen(String everySteps, String checkpoint) throws Exception {
        LoneRun whole = LoneRun.train(plan(folder.resolve("whole"), Map.of()), progress -> {});

        RunPlan first = plan(folder.resolve("cut"), Map.of("checkpoint-steps", everySteps));
        assertThatThrownBy(() -> LoneRun.train(first, progress -> {
                    if (progress.epoch() == 2 && progress.step() == 3) {
                        throw new IllegalStateException("cut off");
                    }
                }))
                .hasMessage("cut off");
        assertThat(new CheckpointStore(first.checkpoints(), new Configuration())
                        .newest()
                        .orElseThrow()
                        .folder())
                .isEqualTo(checkpoint);
        RunPlan second = first.next("second", new Beginning.Checkpoint(checkpoint));

        assertThat(LoneRun.train(second, progress -> {}).weights()).isEqualTo(whole.weights());
    }

    @Test
    void anEpochThatTwoRanksBeganIsEndedByOneThatSeesWhatIsLeft() throws Exception {
        Map<String, String> asked =
                Map.of("save", folder.toString(), "replicas", "2", "checkpoint-steps", "2", "keep-checkpoints", "10");
        job().run(RunStart.of(TrainSettings.of(settings(asked)), sc.hadoopConfiguration()));
        CheckpointStore checkpoints = new CheckpointStore(
                new org.apache.hadoop.fs.Path(folder.resolve("checkpoints").toUri()), sc.hadoopConfiguration());
        CheckpointStore.Complete within = Arrays.stream(
                        folder.resolve("checkpoints").toFile().list())
                .filter(name -> name.startsWith("epoch-0001-step-0000002"))
                .findFirst()
                .flatMap(name -> checkpoint(checkpoints, name))
                .orElseThrow();
        assertThat(within.manifest().progress().ranks())
                .extracting(RankSums::examples)
                .containsExactly(10, 10);
        Map<String, NamedTensor> state = checkpoints.readState(within);
        RunPlan alone = plan(folder, Map.of()).next("alone", Beginning.after(within));
        float[] first = state.get("running_statistics.rank-0").values();
        float[] second = state.get("running_statistics.rank-1").values();
        assertThat(first).isNotEqualTo(second);
        for (Parameter statistic : ParameterLayout.of(alone.spec()).runningStatistics()) {
            int at = (int) statistic.offset();
            assertThat(state.get(statistic.name()).values()[0]).isCloseTo((first[at] + second[at]) / 2, within(1e-6f));
        }
        LoneRun run = LoneRun.train(alone, progress -> {});

        assertThat(run.steps()).isEqualTo(3);
        assertThat(run.rows()).hasSize(1);
        EpochRow row = run.rows().get(0);
        assertThat(row.imagesPerSecond() * row.trainSeconds()).isCloseTo(50, within(1e-6));
        assertThat(row.trainError() * 50).isCloseTo(Math.rint(row.trainError() * 50), within(1e-9));
    }

    private static RunPlan plan(Path save, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(Map.of("save", save.toString()));
        all.putAll(more);
        TrainSettings decided = TrainSettings.of(settings(all)).decided(7, 1);
        return RunPlan.first(decided, PreparedData.read(data, new Configuration()), "attempt", new Beginning.Random());
    }

    private static SettingValues settings(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "data",
                data.toString(),
                "depth",
                "10",
                "growth-rate",
                "4",
                "epochs",
                Integer.toString(EPOCHS),
                "batch-size",
                "10",
                "valid-size",
                "4",
                "random-resized-crop",
                "true",
                "seed",
                "7"));
        settings.putAll(Map.of("rotation", "15", "brightness", "0.4", "contrast", "0.4", "saturation", "0.4"));
        settings.putAll(more);
        return SettingValues.parse(settings);
    }
}
