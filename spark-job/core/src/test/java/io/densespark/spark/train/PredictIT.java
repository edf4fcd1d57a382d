package io.densespark.spark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.densespark.spark.harness.SubmittedJob;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Predictions and the report of a model that was trained here, on two executor processes. */
@Tag("slow")
class PredictIT {
    private static final int DIGITS = 1000;

    @TempDir
    private static Path shared;

    private static Path data;
    private static JsonNode trained;

    @TempDir
    private Path folder;

    @BeforeAll
    static void trainOnce() {
        data = TrainRun.digits(shared);
        trained = TrainRun.resultOf(TrainRun.run(
                TrainRun.onTwoExecutors(),
                shared.resolve("train"),
                TrainRun.smallTraining(data, shared.resolve("save"), 1)));
    }

    private SubmittedJob.Result predict(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "predict",
                "--model",
                trained.get("model").asText(),
                "--output",
                folder.resolve("predictions").toString()));
        arguments.addAll(List.of(more));
        return TrainRun.run(TrainRun.onTwoExecutors(), folder.resolve("predict"), arguments);
    }

    /** The rows of all parts, without their headers. */
    private List<String[]> rows() throws IOException {
        List<String[]> rows = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve("predictions"))) {
            for (Path part :
                    files.filter(file -> file.toString().endsWith(".csv")).toList()) {
                Files.readAllLines(part).stream()
                        .skip(1)
                        .map(line -> line.split(",", -1))
                        .forEach(rows::add);
            }
        }
        return rows;
    }

    @Test
    void thePredictionsOfAPreparedDataSetHaveTheAccuracyThatTrainingReported() throws IOException {
        JsonNode result = TrainRun.resultOf(predict("--data", data.toString(), "--format", "csv", "--top-k", "2"));

        assertThat(result.get("images").asInt()).isEqualTo(DIGITS);
        assertThat(result.get("bad_images").asInt()).isZero();
        assertThat(folder.resolve("predictions/_SUCCESS")).exists();
        List<String[]> rows = rows();
        assertThat(rows.stream().map(row -> Integer.parseInt(row[0])).sorted())
                .hasSize(DIGITS)
                .doesNotHaveDuplicates();
        double right = rows.stream().filter(row -> row[1].equals(row[2])).count();
        assertThat(right / DIGITS).isEqualTo(trained.get("accuracy").asDouble(), within(1e-9));
        assertThat(rows).allSatisfy(row -> {
            // id, label, prediction, probability, class_1, probability_1, class_2, probability_2
            assertThat(row).hasSize(8);
            assertThat(row[4]).isEqualTo(row[2]).isNotEqualTo(row[6]);
            assertThat(Double.parseDouble(row[5])).isGreaterThanOrEqualTo(Double.parseDouble(row[7]));
        });
    }

    @Test
    void filesAreReadAndDecodedByTheExecutors() throws IOException {
        Random random = new Random(2);
        for (int i = 0; i < 5; i++) {
            BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
            image.setRGB(20, 15, random.nextInt());
            ImageIO.write(
                    image,
                    i % 2 == 0 ? "png" : "jpg",
                    folder.resolve("image" + i + ".png").toFile());
        }
        Files.writeString(folder.resolve("broken.png"), "no image");

        JsonNode result = TrainRun.resultOf(predict("--images", folder + "/*.png", "--on-bad", "drop"));

        assertThat(result.get("images").asInt()).isEqualTo(5);
        assertThat(result.get("bad_images").asInt()).isEqualTo(1);
        assertThat(folder.resolve("predictions")).isDirectoryContaining("glob:**.parquet");
    }

    @Test
    void theReportOfAnEvaluationAddsUp() throws IOException {
        JsonNode result = TrainRun.resultOf(TrainRun.run(
                TrainRun.onTwoExecutors(),
                folder.resolve("evaluate"),
                "evaluate",
                "--model",
                trained.get("model").asText(),
                "--data",
                data.toString(),
                "--report",
                folder.resolve("report").toString()));

        assertThat(result.get("accuracy")).isEqualTo(trained.get("accuracy"));
        assertThat(result.get("top5_accuracy").asDouble())
                .isBetween(result.get("accuracy").asDouble(), 1.0);
        assertThat(result.get("macro_auroc").asDouble()).isBetween(0.5, 1.0);
        assertThat(result.get("macro_auroc_error").asDouble()).isBetween(0.0, 0.01);
        assertThat(result.get("expected_calibration_error").asDouble()).isBetween(0.0, 1.0);
        int images = 0;
        int right = 0;
        for (String line : Files.readAllLines(folder.resolve("report/confusion.csv"))) {
            String[] cell = line.split(",", -1);
            if (!cell[2].equals("images")) {
                images += Integer.parseInt(cell[2]);
                right += cell[0].equals(cell[1]) ? Integer.parseInt(cell[2]) : 0;
            }
        }
        assertThat(images).isEqualTo(DIGITS);
        assertThat((double) right / images).isEqualTo(result.get("accuracy").asDouble());
        assertThat(Files.readAllLines(folder.resolve("report/classes.csv"))).hasSize(11);
        assertThat(Files.readAllLines(folder.resolve("report/calibration.csv"))).hasSize(16);
        assertThat(ImageIO.read(folder.resolve("report/confusion.png").toFile()).getWidth())
                .isEqualTo(1000);
    }
}
