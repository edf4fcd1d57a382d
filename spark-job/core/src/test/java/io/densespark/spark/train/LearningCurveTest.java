package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.densespark.data.fixture.Digits;
import io.densespark.model.libtorch.LibTorch;
import io.densespark.spark.settings.SettingValues;
import io.densespark.spark.settings.TrainSettings;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Digits in bf16 and in fp32, from three seeds each. */
@Tag("slow")
class LearningCurveTest {
    private static final String CACHE = "org.bytedeco.javacpp.cachedir";
    private static final int EPOCHS = 4;
    private static final int TRAIN_LOSS = 1;
    private static final int VALID_LOSS = 3;
    private static final List<Integer> SEEDS = List.of(1, 2, 3);

    @TempDir
    private static Path shared;

    private static JavaSparkContext sc;
    private static Path data;
    private static String cacheBefore;

    @BeforeAll
    static void prepare() {
        // From now on it doesn't matter that ranks name a folder of Spark's for the library.
        LibTorch.setThreads(1);
        cacheBefore = System.getProperty(CACHE);
        data = Digits.prepareFirst(shared, 2000, 200);
        sc = new JavaSparkContext(new SparkConf()
                .setMaster("local[1]")
                .setAppName("learning curves")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1"));
    }

    @AfterAll
    static void stop() {
        sc.stop();
        if (cacheBefore == null) {
            System.clearProperty(CACHE);
        }
    }

    /** The loss of each epoch, and that on the validation split once the learning rate has come down: it jumps before. */
    private static List<Double> curve(String precision, int seed) throws Exception {
        Path save = shared.resolve(precision + "-" + seed);
        Map<String, String> settings = new HashMap<>(Map.of(
                "data",
                data.toString(),
                "save",
                save.toString(),
                "depth",
                "10",
                "growth-rate",
                "4",
                "epochs",
                Integer.toString(EPOCHS),
                "batch-size",
                "64",
                "valid-size",
                "500",
                "precision",
                precision,
                "allow-slow-precision",
                "true",
                "seed",
                Integer.toString(seed)));
        settings.put("flip", "false");
        TrainResult result = new TrainJob(
                        sc, new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8), false)
                .run(RunStart.of(TrainSettings.of(SettingValues.parse(settings)), sc.hadoopConfiguration()));
        assertThat(result.ranks()).allMatch(rank -> rank.precision().equals(precision));
        List<Double> losses = new ArrayList<>();
        List<String> rows = Checkpoints.rows(save).subList(1, EPOCHS + 1);
        for (String row : rows) {
            losses.add(Double.parseDouble(row.split(",", -1)[TRAIN_LOSS]));
        }
        losses.add(Double.parseDouble(rows.get(EPOCHS - 1).split(",", -1)[VALID_LOSS]));
        return losses;
    }

    @Test
    void bf16LearnsAsFp32DoesWithinWhatTheSeedMoves() throws Exception {
        List<List<Double>> exact = new ArrayList<>();
        List<List<Double>> rounded = new ArrayList<>();
        for (int seed : SEEDS) {
            exact.add(curve("fp32", seed));
            rounded.add(curve("bf16", seed));
        }

        for (int figure = 0; figure <= EPOCHS; figure++) {
            List<Double> exactLosses = at(exact, figure);
            List<Double> roundedLosses = at(rounded, figure);
            double moved = exactLosses.stream().mapToDouble(loss -> loss).max().orElseThrow()
                    - exactLosses.stream().mapToDouble(loss -> loss).min().orElseThrow();
            assertThat(Math.abs(mean(roundedLosses) - mean(exactLosses)))
                    .as("figure %s: fp32 %s, bf16 %s", figure + 1, exactLosses, roundedLosses)
                    .isLessThan(moved);
        }
        assertThat(mean(at(exact, EPOCHS - 1))).isLessThan(0.9 * mean(at(exact, 0)));
    }

    private static List<Double> at(List<List<Double>> curves, int figure) {
        return curves.stream().map(curve -> curve.get(figure)).toList();
    }

    private static double mean(List<Double> losses) {
        return losses.stream().mapToDouble(loss -> loss).average().orElseThrow();
    }
}
