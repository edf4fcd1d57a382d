package io.densespark.spark.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.densespark.data.ImageShape;
import io.densespark.model.tensor.Device;
import io.densespark.model.weights.NamedTensor;
import io.densespark.spark.JobException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Predictions on DataFrames against the model's answers, one image at a time. */
class PredictorTest {
    private static final PredictSettings SETTINGS = PredictSettings.of("image").withInferBatchSize(4);
    private static final List<byte[]> IMAGES = TestModel.images(11, 3);
    private static final List<float[]> LOGITS = TestModel.logits(IMAGES);
    private static final double TOLERANCE = 1e-4;

    @TempDir
    private static Path folder;

    private static SparkSession spark;
    private static BroadcastModel model;

    @BeforeAll
    static void start() throws IOException {
        spark = SparkSession.builder()
                .master("local[2]")
                .appName("predict")
                .config("spark.ui.enabled", false)
                .config("spark.sql.shuffle.partitions", 2)
                .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString())
                .getOrCreate();
        model = BroadcastModel.of(spark.sparkContext(), TestModel.folder());
        for (int i = 0; i < IMAGES.size(); i++) {
            Files.write(file(i), TestModel.png(IMAGES.get(i), TestModel.SHAPE));
        }
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static Path file(int image) {
        return folder.resolve("image " + image + ".png");
    }

    /** How a column can have the images. */
    enum Kind {
        ENCODED,
        PATH,
        FILE_WITH_BYTES,
        FILE_WITH_PATH,
        IMAGE_STRUCT,
        PLAIN,
        BYTES,
        SHORTS,
        INTS,
        LONGS,
        FLOATS,
        DOUBLES,
        VECTOR;

        private DataType type() {
            return switch (this) {
                case ENCODED, PLAIN -> DataTypes.BinaryType;
                case PATH -> DataTypes.StringType;
                case FILE_WITH_BYTES, FILE_WITH_PATH -> fileStruct();
                case IMAGE_STRUCT -> imageStruct();
                case BYTES -> DataTypes.createArrayType(DataTypes.ByteType);
                case SHORTS -> DataTypes.createArrayType(DataTypes.ShortType);
                case INTS -> DataTypes.createArrayType(DataTypes.IntegerType);
                case LONGS -> DataTypes.createArrayType(DataTypes.LongType);
                case FLOATS -> DataTypes.createArrayType(DataTypes.FloatType);
                case DOUBLES -> DataTypes.createArrayType(DataTypes.DoubleType);
                case VECTOR -> SQLDataTypes.VectorType();
            };
        }

        private PredictSettings settings() {
            return switch (this) {
                case ENCODED, PATH, FILE_WITH_BYTES, FILE_WITH_PATH, IMAGE_STRUCT -> SETTINGS;
                default -> SETTINGS.withImageShape(TestModel.SHAPE);
            };
        }

        private Object value(int image) {
            byte[] pixels = IMAGES.get(image);
            byte[] png = TestModel.png(pixels, TestModel.SHAPE);
            IntStream values = IntStream.range(0, pixels.length).map(i -> pixels[i] & 0xff);
            return switch (this) {
                case ENCODED -> png;
                case PATH -> file(image).toString();
                case FILE_WITH_BYTES -> RowFactory.create(png, null);
                case FILE_WITH_PATH -> RowFactory.create(null, file(image).toString());
                case IMAGE_STRUCT -> RowFactory.create("somewhere", 12, 12, 3, 16, bgr(pixels));
                case PLAIN -> pixels;
                case BYTES -> values.mapToObj(v -> (byte) v).toList();
                case SHORTS -> values.mapToObj(v -> (short) v).toList();
                case INTS -> values.boxed().toList();
                case LONGS -> values.mapToObj(v -> (long) v).toList();
                case FLOATS -> values.mapToObj(v -> v + 0.25f).toList();
                case DOUBLES -> values.mapToObj(v -> v - 0.25).toList();
                case VECTOR -> Vectors.dense(values.asDoubleStream().toArray());
            };
        }
    }

    private static StructType fileStruct() {
        return new StructType().add("bytes", DataTypes.BinaryType).add("path", DataTypes.StringType);
    }

    private static StructType imageStruct() {
        return new StructType()
                .add("origin", DataTypes.StringType)
                .add("height", DataTypes.IntegerType)
                .add("width", DataTypes.IntegerType)
                .add("nChannels", DataTypes.IntegerType)
                .add("mode", DataTypes.IntegerType)
                .add("data", DataTypes.BinaryType);
    }

    private static byte[] bgr(byte[] rgb) {
        byte[] bgr = new byte[rgb.length];
        for (int i = 0; i < rgb.length; i++) {
            bgr[i] = rgb[i / 3 * 3 + 2 - i % 3];
        }
        return bgr;
    }

    /** Rows {@code (id, image)} of those images in three partitions. */
    private static Dataset<Row> rows(DataType type, List<Object> images) {
        StructType schema = new StructType().add("id", DataTypes.IntegerType).add("image", type);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            rows.add(RowFactory.create(i, images.get(i)));
        }
        return spark.createDataFrame(rows, schema)
                .coalesce(1)
                .repartitionByRange(3, new org.apache.spark.sql.Column("id"));
    }

    private static Dataset<Row> rows(Kind kind) {
        return rows(
                kind.type(),
                IntStream.range(0, IMAGES.size()).mapToObj(kind::value).toList());
    }

    private static List<Row> predict(Dataset<Row> input, PredictSettings settings) {
        return Predictor.predict(input, settings, model).collectAsList();
    }

    private static double[] probabilities(float[] logits) {
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit);
        }
        double[] probabilities = new double[logits.length];
        for (int c = 0; c < logits.length; c++) {
            probabilities[c] = Math.exp(logits[c]) / sum;
        }
        return probabilities;
    }

    private static int largest(double[] values) {
        return IntStream.range(0, values.length)
                .reduce((a, b) -> values[b] > values[a] ? b : a)
                .orElseThrow();
    }

    private static void assertPredicted(Row row, int image) {
        float[] logits = LOGITS.get(image);
        Vector raw = row.getAs("rawPrediction");
        Vector probability = row.getAs("probability");
        double[] expected = probabilities(logits);
        assertThat(raw.size()).isEqualTo(TestModel.CLASSES);
        for (int c = 0; c < logits.length; c++) {
            assertThat(raw.apply(c)).isCloseTo(logits[c], within(TOLERANCE));
            assertThat(probability.apply(c)).isCloseTo(expected[c], within(TOLERANCE));
        }
        assertThat(row.<Double>getAs("prediction")).isEqualTo(largest(expected));
    }

    @ParameterizedTest
    @EnumSource
    void everyKindOfColumnGivesTheModelsAnswersInTheRowsOrder(Kind kind) {
        Dataset<Row> input = rows(kind);
        assertThat(input.rdd().getNumPartitions()).isEqualTo(3);

        List<Row> predicted = predict(input, kind.settings());

        assertThat(predicted).extracting(row -> row.<Integer>getAs("id")).containsExactlyElementsOf(ids(IMAGES.size()));
        predicted.forEach(row -> assertPredicted(row, row.getAs("id")));
    }

    private static List<Integer> ids(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    @Test
    void featuresAreWhatTheClassifierIsAppliedTo() {
        NamedTensor weight = TestModel.MODEL.state().get("classifier.weight");
        NamedTensor bias = TestModel.MODEL.state().get("classifier.bias");
        int columns = weight.shape().get(1);

        List<Row> predicted = predict(
                rows(Kind.PLAIN), Kind.PLAIN.settings().withColumns(new OutputColumns("pooled", "logits", "", "")));

        assertThat(predicted.get(0).schema().fieldNames()).containsExactly("id", "image", "pooled", "logits");
        for (Row row : predicted) {
            Vector features = row.getAs("pooled");
            Vector logits = row.getAs("logits");
            assertThat(features.size()).isEqualTo(columns);
            for (int c = 0; c < TestModel.CLASSES; c++) {
                double sum = bias.values()[c];
                for (int i = 0; i < columns; i++) {
                    sum += features.apply(i) * weight.values()[c * columns + i];
                }
                assertThat(logits.apply(c)).isCloseTo(sum, within(TOLERANCE));
            }
        }
    }

    @Test
    void thresholdsDivideTheProbabilitiesAndOneOfZeroWins() {
        List<Double> thresholds = List.of(0.9, 0.3, 0.05, 0.7, 0.6);
        List<Row> predicted = predict(rows(Kind.PLAIN), Kind.PLAIN.settings().withThresholds(thresholds));
        for (Row row : predicted) {
            double[] scaled = probabilities(LOGITS.get(row.getAs("id")));
            for (int c = 0; c < scaled.length; c++) {
                scaled[c] /= thresholds.get(c);
            }
            assertThat(row.<Double>getAs("prediction")).isEqualTo(largest(scaled));
        }
        assertThat(predict(rows(Kind.PLAIN), Kind.PLAIN.settings().withThresholds(List.of(1.0, 1.0, 1.0, 0.0, 1.0))))
                .allMatch(row -> row.<Double>getAs("prediction") == 3);
    }

    private static Dataset<Row> someBad() {
        List<Object> images = new ArrayList<>();
        for (int i = 0; i < IMAGES.size(); i++) {
            images.add(Kind.FILE_WITH_BYTES.value(i));
        }
        images.set(2, null);
        images.set(3, RowFactory.create(new byte[] {1, 2, 3}, "photos/three.png"));
        images.set(7, RowFactory.create(null, folder.resolve("none.png").toString()));
        images.set(8, RowFactory.create(null, null));
        return rows(fileStruct(), images);
    }

    @Test
    void badImagesGetNullsOrAreLeftOut() {
        List<Row> withNulls = predict(someBad(), SETTINGS.withOnBadImage(OnBadImage.NULL));
        List<Row> without = predict(someBad(), SETTINGS.withOnBadImage(OnBadImage.DROP));

        assertThat(withNulls).extracting(row -> row.<Integer>getAs("id")).containsExactlyElementsOf(ids(11));
        for (Row row : withNulls) {
            int id = row.getAs("id");
            if (List.of(2, 3, 7, 8).contains(id)) {
                for (String column : List.of("rawPrediction", "probability", "prediction")) {
                    assertThat(row.<Object>getAs(column)).isNull();
                }
            } else {
                assertPredicted(row, id);
            }
        }
        assertThat(without).extracting(row -> row.<Integer>getAs("id")).containsExactly(0, 1, 4, 5, 6, 9, 10);
        without.forEach(row -> assertPredicted(row, row.getAs("id")));
    }

    @Test
    void aBadImageFailsTheJobByItsPathAndTheReason() {
        assertThatThrownBy(() -> predict(someBad().where("id = 3"), SETTINGS))
                .rootCause()
                .isInstanceOf(JobException.class)
                .hasMessage(
                        "image photos/three.png is in none of the formats JPEG, PNG, WebP, GIF, BMP and TIFF: give a "
                                + "good one, or go on without bad images (--on-bad or onBadImage, null or drop)");
        assertThatThrownBy(() -> predict(someBad().where("id = 7"), SETTINGS))
                .rootCause()
                .hasMessageStartingWith("image " + folder + "/none.png is missing: there is no such file");
        assertThatThrownBy(() -> predict(someBad().where("id = 2"), SETTINGS))
                .rootCause()
                .hasMessageMatching("the image in column 'image' of row 0 of partition \\d is null: .*");
    }

    @Test
    void imagesOfOtherSizesAreScaledAndCutAsPrepareDoes() {
        ImageShape wide = new ImageShape(12, 16, 3);
        byte[] pixels = new byte[wide.bytes()];
        byte[] middle = IMAGES.get(5);
        for (int y = 0; y < 12; y++) {
            System.arraycopy(middle, y * 36, pixels, (y * 16 + 2) * 3, 36);
        }
        List<Row> predicted = predict(rows(DataTypes.BinaryType, List.of(pixels)), SETTINGS.withImageShape(wide));
        assertPredicted(predicted.get(0), 5);
        predicted = predict(rows(DataTypes.BinaryType, List.of(TestModel.png(pixels, wide))), SETTINGS);
        assertPredicted(predicted.get(0), 5);
    }

    @Test
    void greyImagesBecomeColorsOfOneValue() {
        byte[] grey = new byte[144];
        byte[] colors = new byte[432];
        for (int i = 0; i < colors.length; i++) {
            grey[i / 3] = (byte) (i / 3);
            colors[i] = (byte) (i / 3);
        }
        Row fromGrey = predict(
                        rows(DataTypes.BinaryType, List.of(grey)), SETTINGS.withImageShape(new ImageShape(12, 12, 1)))
                .get(0);
        Row fromColors = predict(rows(DataTypes.BinaryType, List.of(colors)), SETTINGS.withImageShape(TestModel.SHAPE))
                .get(0);
        assertThat(fromGrey.<Vector>getAs("rawPrediction")).isEqualTo(fromColors.getAs("rawPrediction"));
    }

    @Test
    void whatCannotWorkIsSaidBeforeAnyJob() {
        Dataset<Row> input = rows(Kind.PLAIN);
        Map<PredictSettings, String> wrong = Map.of(
                PredictSettings.of("picture"),
                        "the DataFrame has no column 'picture' with images, it has [id, image]: name the one that has them (imageCol)",
                PredictSettings.of("id"),
                        "column 'id' is of type int, which can't be read as images: supported are encoded images (binary), "
                                + "paths (string), Spark's image struct, struct<bytes: binary, path: string>, and pixels in "
                                + "an array of numbers or an ML vector",
                SETTINGS.withColumns(new OutputColumns("", "", "ID", "")),
                        "output column ID is in the DataFrame already: give it another name, an empty one to leave it out, "
                                + "or drop the DataFrame's",
                SETTINGS.withThresholds(List.of(0.5, 0.5)),
                        "setting thresholds has 2 values, the model has 5 classes: give one for each",
                SETTINGS.withImageShape(new ImageShape(12, 12, 4)),
                        "column 'image' has images of 4 channels, the model takes 3: give pixels of as many channels, with "
                                + "their imageShape");
        wrong.forEach((settings, message) -> assertThatThrownBy(() -> Predictor.predict(input, settings, model))
                .isInstanceOf(JobException.class)
                .hasMessage(message));
        assertThatThrownBy(() -> Predictor.predict(rows(Kind.INTS), SETTINGS, model))
                .hasMessage(
                        "column 'image' has images as array<int>: set imageShape to their height, width and channels");
    }

    @Test
    void aStreamIsPredictedOnBatchByBatch() throws Exception {
        String source = folder.resolve("stream").toString();
        Dataset<Row> all = rows(Kind.PLAIN);
        all.where("id < 6").coalesce(1).write().parquet(source);
        all.where("id >= 6").coalesce(1).write().mode("append").parquet(source);
        Dataset<Row> stream = Predictor.predict(
                spark.readStream()
                        .schema(all.schema())
                        .option("maxFilesPerTrigger", 1)
                        .parquet(source),
                Kind.PLAIN.settings(),
                model);
        assertThat(stream.isStreaming()).isTrue();

        StreamingQuery query = stream.writeStream()
                .format("memory")
                .queryName("predicted")
                .option("checkpointLocation", folder.resolve("checkpoint").toString())
                .trigger(Trigger.AvailableNow())
                .start();
        query.awaitTermination();

        List<Row> rows = spark.table("predicted").orderBy("id").collectAsList();
        assertThat(rows).extracting(row -> row.<Integer>getAs("id")).containsExactlyElementsOf(ids(11));
        rows.forEach(row -> assertPredicted(row, row.getAs("id")));
        assertThat(Arrays.stream(query.recentProgress()).filter(batch -> batch.numInputRows() > 0))
                .hasSize(2);
    }

    @Test
    void predictionsThatNobodyReadsToTheEndLeaveNothingBehind() {
        int batch = 11;
        Dataset<Row> predicted =
                Predictor.predict(rows(Kind.PLAIN), Kind.PLAIN.settings().withInferBatchSize(batch), model);
        assertThat(predicted.limit(1).collectAsList()).hasSize(1);
        assertThat(predicted.take(2)).hasSameClassAs(new Row[0]);
        // The replica that all tasks used stays for the next ones; others may go meanwhile.
        int before = ReplicaPool.OF_THIS_PROCESS.size();
        ReplicaPool.Key key = new ReplicaPool.Key(model.content().sha256(), Device.CPU, batch);
        ReplicaPool.Lease lease = ReplicaPool.OF_THIS_PROCESS.acquire(key, () -> {
            throw new IllegalStateException("there is one");
        });
        assertThat(ReplicaPool.OF_THIS_PROCESS.size()).isLessThanOrEqualTo(before);
        lease.close();
    }
}
