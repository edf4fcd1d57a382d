package io.densespark.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.densespark.data.DatasetDescription;
import io.densespark.data.prepare.Prepare;
import io.densespark.data.prepare.PrepareSettings;
import io.densespark.data.source.BundledMnist;
import io.densespark.data.source.ImageReader;
import io.densespark.model.weights.RandomModel;
import io.densespark.spark.store.ModelFolder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code predict} on a local master, on the bundled digits and a random model for them. */
class PredictCommandTest {
    private static final RandomModel MODEL = RandomModel.Kind.BC_22_12.model();
    private static final int DIGITS = 6;
    private static final double TOLERANCE = 1e-4;

    @TempDir
    private static Path shared;

    private static Path data;
    private static Path model;
    private static Path photos;
    private static List<double[]> expected;

    @TempDir
    private Path folder;

    @BeforeAll
    static void prepare() throws Exception {
        System.setProperty("spark.master", "local[2]");
        System.setProperty("spark.ui.enabled", "false");
        System.setProperty(
                "spark.sql.warehouse.dir", shared.resolve("warehouse").toString());
        Configuration conf = new Configuration();
        data = shared.resolve("data");
        Prepare.run(
                BundledMnist.open(),
                conf,
                hadoop(data),
                new PrepareSettings(PrepareSettings.DEFAULT_ROWS_PER_SHARD, false));
        model = shared.resolve("model");
        new ModelFolder(MODEL.description(), MODEL.state()).write(hadoop(model), conf);
        photos = Files.createDirectories(shared.resolve("photos/inner")).getParent();
        expected = new ArrayList<>();
        try (ImageReader digits = BundledMnist.open().open(DatasetDescription.TEST)) {
            byte[] digit = new byte[28 * 28];
            for (int i = 0; i < DIGITS; i++) {
                digits.next(digit);
                expected.add(probabilities(digit));
                write(digit, photos.resolve(i % 2 == 0 ? "digit" + i + ".PNG" : "inner/digit" + i + ".png"));
            }
        }
        Files.writeString(photos.resolve("notes.txt"), "no image");
    }

    @AfterAll
    static void clear() {
        List.of("spark.master", "spark.ui.enabled", "spark.sql.warehouse.dir").forEach(System::clearProperty);
    }

    private static org.apache.hadoop.fs.Path hadoop(Path path) {
        return new org.apache.hadoop.fs.Path(path.toUri());
    }

    private static double[] probabilities(byte[] digit) {
        float[] pixels = new float[28 * 28];
        for (int i = 0; i < pixels.length; i++) {
            // The random model's mean is 0.25, its std 0.125.
            pixels[i] = ((digit[i] & 0xff) / 255f - 0.25f) / 0.125f;
        }
        float[] logits = MODEL.logits(pixels, 1);
        double sum =
                IntStream.range(0, 10).mapToDouble(c -> Math.exp(logits[c])).sum();
        return IntStream.range(0, 10)
                .mapToDouble(c -> Math.exp(logits[c]) / sum)
                .toArray();
    }

    private static void write(byte[] digit, Path file) throws IOException {
        BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 28 * 28; i++) {
            image.getRaster().setSample(i % 28, i / 28, 0, digit[i] & 0xff);
        }
        ImageIO.write(image, "png", file.toFile());
    }

    private static int[] ranked(double[] probabilities) {
        return IntStream.range(0, probabilities.length)
                .boxed()
                .sorted((a, b) -> Double.compare(probabilities[b], probabilities[a]))
                .mapToInt(c -> c)
                .toArray();
    }

    private CommandRun predict(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "predict",
                "--model",
                model.toString(),
                "--output",
                folder.resolve("out").toString()));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    private static JsonNode resultOf(CommandRun run) throws IOException {
        assertThat(run.exitStatus()).as(run.stderr()).isZero();
        List<String> lines = run.stdout().lines().toList();
        assertThat(lines.get(lines.size() - 1)).startsWith("RESULT ");
        return new ObjectMapper().readTree(lines.get(lines.size() - 1).substring("RESULT ".length()));
    }

    private List<Row> parquet() {
        try (SparkSession spark = SparkSession.builder().getOrCreate()) {
            return spark.read().parquet(folder.resolve("out").toString()).collectAsList();
        }
    }

    @Test
    void aPreparedDataSetsImagesAreKeyedByIdAndLabelled() throws IOException {
        JsonNode result = resultOf(predict("--data", data.toString(), "--top-k", "3"));

        assertThat(result.get("images").asInt()).isEqualTo(1000);
        assertThat(result.get("bad_images").asInt()).isZero();
        assertThat(result.get("images_per_second").asDouble()).isPositive();
        assertThat(result.get("seconds").asDouble()).isPositive();
        assertThat(folder.resolve("out/_SUCCESS")).exists();
        List<Row> rows = parquet();
        assertThat(rows).hasSize(1000);
        assertThat(rows.get(0).schema().fieldNames())
                .containsExactly("id", "label", "prediction", "probability", "top_k");
        List<String> labels =
                DatasetDescription.read(new Configuration(), hadoop(data)).classes();
        for (Row row : rows) {
            assertThat(labels).contains(row.<String>getAs("label"));
            if (row.getLong(0) < DIGITS) {
                double[] probabilities = expected.get((int) row.getLong(0));
                int[] order = ranked(probabilities);
                assertThat(row.<String>getAs("prediction")).isEqualTo("class \"" + order[0] + "\"");
                assertThat(row.<Double>getAs("probability")).isEqualTo(probabilities[order[0]], within(TOLERANCE));
                List<Row> top = row.getList(4);
                assertThat(top).hasSize(3);
                for (int k = 0; k < 3; k++) {
                    assertThat(top.get(k).getString(0)).isEqualTo("class \"" + order[k] + "\"");
                    assertThat(top.get(k).getDouble(1)).isEqualTo(probabilities[order[k]], within(TOLERANCE));
                }
            }
        }
    }

    @Test
    void noImageFileIsPassedOver() throws IOException {
        Path few = Files.createDirectory(folder.resolve("few"));
        write(new byte[28 * 28], few.resolve("_DSC0001.png"));
        Files.createFile(few.resolve("empty.jpg"));

        JsonNode result = resultOf(predict("--images", few.toString(), "--on-bad", "drop"));

        assertThat(result.get("images").asInt()).isEqualTo(1);
        assertThat(result.get("bad_images").asInt()).isEqualTo(1);
    }

    @Test
    void aWildcardMatchesNothingHiddenUnlessItSaysSo() throws IOException {
        for (String name : List.of("seen", "_thumbnails", ".cache")) {
            write(
                    new byte[28 * 28],
                    Files.createDirectories(folder.resolve("all/" + name)).resolve("a.png"));
        }

        write(new byte[28 * 28], folder.resolve("all/._a.png"));
        assertThat(resultOf(predict("--images", folder + "/all/*"))
                        .get("images")
                        .asInt())
                .isEqualTo(1);
        assertThat(resultOf(predict("--images", folder + "/all/_*", "--overwrite"))
                        .get("images")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void aShardThatIsCutOffMissingOrDamagedIsNoData() throws IOException {
        DatasetDescription description = DatasetDescription.read(new Configuration(), hadoop(data));
        String name = description.shards(DatasetDescription.TEST).get(0).file();
        Path copy = Files.createDirectory(folder.resolve("copy"));
        Files.copy(data.resolve("dataset.json"), copy.resolve("dataset.json"));
        byte[] bytes = Files.readAllBytes(data.resolve(name));

        assertRefused(copy, name + " is missing: run prepare again");
        Files.write(copy.resolve(name), Arrays.copyOf(bytes, bytes.length / 2));
        assertRefused(copy, name + " has " + bytes.length / 2 + " bytes where dataset.json says " + bytes.length);
        bytes[bytes.length / 2] ^= 1;
        Files.write(copy.resolve(name), bytes);
        assertRefused(copy, "/copy is damaged", "run prepare again");
    }

    private void assertRefused(Path copy, String... parts) {
        CommandRun run = predict("--data", copy.toString());
        assertThat(run.exitStatus()).isEqualTo(1);
        List<String> errors =
                run.stderr().lines().filter(line -> line.startsWith("error: ")).toList();
        assertThat(errors).singleElement(InstanceOfAssertFactories.STRING).contains(parts);
        assertThat(run.stderr()).doesNotContain("\tat ");
    }

    @Test
    void filesOfAFolderGoToCsvByTheirPaths() throws IOException {
        JsonNode result = resultOf(predict("--images", photos.toString(), "--format", "csv", "--top-k", "2"));

        assertThat(result.get("images").asInt()).isEqualTo(DIGITS);
        Map<String, String> lines = csv();
        assertThat(lines.get("path")).isEqualTo("prediction,probability,class_1,probability_1,class_2,probability_2");
        assertThat(lines).hasSize(DIGITS + 1);
        for (int i = 0; i < DIGITS; i++) {
            double[] probabilities = expected.get(i);
            int[] order = ranked(probabilities);
            String file = i % 2 == 0 ? "/digit" + i + ".PNG" : "/inner/digit" + i + ".png";
            String[] values = lines.get("file:" + photos + file).split(",", -1);
            assertThat(values[0]).isEqualTo("\"class \"\"" + order[0] + "\"\"\"");
            assertThat(values[2]).isEqualTo(values[0]);
            assertThat(values[4]).isEqualTo("\"class \"\"" + order[1] + "\"\"\"");
            assertThat(Double.parseDouble(values[1])).isEqualTo(probabilities[order[0]], within(TOLERANCE));
            assertThat(Double.parseDouble(values[5])).isEqualTo(probabilities[order[1]], within(TOLERANCE));
        }
    }

    /** The lines of all parts, by what comes before the first comma; a header is there once. */
    private Map<String, String> csv() throws IOException {
        Map<String, String> lines = new HashMap<>();
        try (Stream<Path> files = Files.list(folder.resolve("out"))) {
            for (Path part :
                    files.filter(file -> file.toString().endsWith(".csv")).toList()) {
                for (String line : Files.readAllLines(part)) {
                    lines.put(line.substring(0, line.indexOf(',')), line.substring(line.indexOf(',') + 1));
                }
            }
        }
        return lines;
    }

    @Test
    void aBadFileFailsTheJobAndLeavesNothingOrGetsNoPredictionOrIsLeftOut() throws IOException {
        String glob = photos + "/{digit0.PNG,notes.txt}";

        CommandRun failed = predict("--images", glob);
        assertThat(failed.exitStatus()).isEqualTo(1);
        assertThat(failed.errors())
                .containsExactly(
                        "error: image file:" + photos + "/notes.txt is in none of the formats JPEG, PNG, WebP, GIF, "
                                + "BMP and TIFF: give a good one, or go on without bad images (--on-bad or onBadImage, null or drop)");
        assertThat(folder.resolve("out/_SUCCESS")).doesNotExist();

        JsonNode withNull = resultOf(predict("--images", glob, "--on-bad", "null"));
        assertThat(withNull.get("images").asInt()).isEqualTo(1);
        assertThat(withNull.get("bad_images").asInt()).isEqualTo(1);
        assertThat(parquet()).hasSize(2).anySatisfy(row -> {
            assertThat(row.getString(0)).endsWith("/notes.txt");
            assertThat(IntStream.range(1, 4)).allMatch(row::isNullAt);
        });

        assertThat(predict("--images", glob, "--on-bad", "drop").errors())
                .containsExactly("error: setting output file:" + folder
                        + "/out exists: give another name, or --overwrite to replace it");
        resultOf(predict("--images", glob, "--on-bad", "drop", "--overwrite"));
        assertThat(parquet()).singleElement().satisfies(row -> assertThat(row.getString(0))
                .endsWith("digit0.PNG"));
    }

    @Test
    void whatCannotWorkIsSaidInOneLine() throws IOException {
        assertThat(predict("--images", photos + "/*.jpg").errors())
                .containsExactly("error: --images file:" + photos + "/*.jpg matches no file and no folder: check it");
        Path empty = Files.createDirectories(folder.resolve("empty"));
        assertThat(predict("--images", empty.toString()).errors())
                .containsExactly("error: --images file:" + empty + " has no image: check it");
        assertThat(predict("--images", photos.toString(), "--split", "train").errors())
                .containsExactly("error: --split is of a prepared data set: give --data, or leave it out");
        assertThat(predict("--data", data.toString(), "--split", "none").errors())
                .singleElement()
                .asString()
                .contains("has no split 'none'");
        Files.writeString(Files.createDirectories(folder.resolve("out")).resolve("mine.txt"), "mine");
        assertThat(predict("--images", photos.toString(), "--overwrite").errors())
                .singleElement()
                .asString()
                .contains("has files and is no complete output of Spark's");
        assertThat(predict("--images", photos.toString(), "--batch-size", "0").errors())
                .containsExactly("error: setting batch-size is 0: give --batch-size 1 or more");
        assertThat(predict("--images", photos.toString(), "--on-bad", "skip").errors())
                .containsExactly("error: setting on-bad is 'skip': give one of [fail, null, drop]");
        CommandRun without = CommandRun.of("predict", "--model", model.toString(), "--output", "x");
        assertThat(without.exitStatus()).isEqualTo(2);
        assertThat(without.errors())
                .singleElement()
                .asString()
                .startsWith("error: Missing required argument (specify one of these): (--data");
    }
}
