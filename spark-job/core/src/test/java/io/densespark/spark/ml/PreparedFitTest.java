package io.densespark.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.data.fixture.Digits;
import io.densespark.spark.JobException;
import io.densespark.spark.settings.SettingValues;
import io.densespark.spark.settings.TrainSettings;
import io.densespark.spark.train.RunStart;
import io.densespark.spark.train.TrainJob;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparedFitTest {
    private static SparkSession spark;

    @TempDir
    private static Path shared;

    private static Path data;

    @TempDir
    private Path folder;

    @BeforeAll
    static void prepareDigits() {
        spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .getOrCreate();
        data = Digits.prepareFirst(shared, 120, 20);
    }

    @AfterAll
    static void stopSpark() {
        spark.stop();
    }

    private DenseNetClassifier classifier() {
        return new DenseNetClassifier()
                .setDepth(10)
                .setGrowthRate(4)
                .setEpochs(2)
                .setBatchSize(16)
                .setCropPadding(0)
                .setSeed(3)
                .setValidSize(20)
                .setNumWorkers(2)
                .setCheckpointLocation(folder.resolve("checkpoints").toString());
    }

    @Test
    void aPreparedDataSetGivesTheModelThatTheCommandGives() throws IOException {
        DenseNetModel model = classifier().fitPrepared(spark, data.toString());
        model.write().save(folder.resolve("saved").toString());

        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        TrainSettings settings = TrainSettings.of(SettingValues.parse(Map.ofEntries(
                Map.entry("data", data.toString()),
                Map.entry("save", folder.resolve("save").toString()),
                Map.entry("depth", "10"),
                Map.entry("growth-rate", "4"),
                Map.entry("epochs", "2"),
                Map.entry("batch-size", "16"),
                Map.entry("crop-padding", "0"),
                Map.entry("seed", "3"),
                Map.entry("valid-size", "20"),
                Map.entry("replicas", "2"))));
        new TrainJob(JavaSparkContext.fromSparkContext(spark.sparkContext()), nowhere, false)
                .run(RunStart.of(settings, new Configuration()));
        assertThat(folder.resolve("saved/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("save/model/model.safetensors"));
        assertThat(model.classes()).hasSize(10);
        assertThat(folder.resolve("checkpoints")).isEmptyDirectory();
    }

    @Test
    void whatIsAboutRowsIsRefused() throws IOException {
        assertThatThrownBy(() -> classifier().setImageSize(32).fitPrepared(spark, data.toString()))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("imageSize is about the rows of a DataFrame")
                .hasMessageContaining("leave it out");
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThatThrownBy(() -> classifier().fitPrepared(spark, empty.toString()))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("dataset.json");
        assertThat(folder.resolve("checkpoints")).doesNotExist();
    }
}
