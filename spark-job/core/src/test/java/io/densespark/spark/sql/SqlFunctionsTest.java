package io.densespark.spark.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.densespark.model.network.ImageShape;
import io.densespark.model.weights.RandomModel;
import io.densespark.spark.JobException;
import io.densespark.spark.predict.TestModel;
import io.densespark.spark.store.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SQL's predictions against the model's answers, one image at a time. */
class SqlFunctionsTest {
    private static final List<byte[]> IMAGES = TestModel.images(7, 3);
    private static final List<float[]> LOGITS = TestModel.logits(IMAGES);

    @TempDir
    private static Path folder;

    private static SparkSession spark;

    @BeforeAll
    static void start() throws IOException {
        spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "2")
                .getOrCreate();
        TestModel.folder().write(hadoop(folder.resolve("model")), new Configuration());
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < IMAGES.size(); i++) {
            byte[] png = TestModel.png(IMAGES.get(i), TestModel.SHAPE);
            Path file = Files.write(folder.resolve(i + ".png"), png);
            byte[] image = IMAGES.get(i);
            int[] pixels =
                    IntStream.range(0, image.length).map(at -> image[at] & 0xff).toArray();
            rows.add(RowFactory.create(i, png, file.toString(), pixels));
        }
        StructType schema = new StructType()
                .add("id", DataTypes.IntegerType)
                .add("image", DataTypes.BinaryType)
                .add("path", DataTypes.StringType)
                .add("pixels", DataTypes.createArrayType(DataTypes.IntegerType));
        spark.createDataFrame(rows, schema).repartition(2).createOrReplaceTempView("photos");
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static org.apache.hadoop.fs.Path hadoop(Path path) {
        return new org.apache.hadoop.fs.Path(path.toUri());
    }

    private static String predict(String image) {
        return "densenet_predict('" + folder.resolve("model") + "', " + image + ")";
    }

    private static List<Row> query(String select) {
        return spark.sql(select).collectAsList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"image", "path", "pixels", "named_struct('bytes', image, 'path', path)"})
    void anImageOfEachTypeHasItsMostProbableClassAndThatOnesProbability(String image) {
        List<Row> rows = query("SELECT p.prediction, p.probability FROM (SELECT id, " + predict(image)
                + " p FROM photos) ORDER BY id");
        assertThat(rows).hasSize(IMAGES.size());
        for (int i = 0; i < rows.size(); i++) {
            float[] logits = LOGITS.get(i);
            int best = IntStream.range(0, logits.length)
                    .reduce((a, b) -> logits[b] > logits[a] ? b : a)
                    .orElseThrow();
            double sum = IntStream.range(0, logits.length)
                    .mapToDouble(c -> Math.exp(logits[c] - logits[best]))
                    .sum();
            assertThat(rows.get(i).getString(0))
                    .isEqualTo(TestModel.MODEL.description().classes().get(best));
            assertThat(rows.get(i).getDouble(1)).isCloseTo(1 / sum, within(1e-4));
        }
    }

    @Test
    void predictionsFilterGroupAndJoinAsOtherValues() {
        long rows = query("SELECT count(*) FROM photos WHERE " + predict("image") + ".probability > 0")
                .get(0)
                .getLong(0);
        assertThat(rows).isEqualTo(IMAGES.size());
        String view = "(SELECT id, " + predict("image") + ".prediction AS class FROM photos)";
        List<Row> counts = query("SELECT sum(n) FROM (SELECT class, count(*) n FROM " + view + " GROUP BY class)");
        assertThat(counts.get(0).getLong(0)).isEqualTo(IMAGES.size());
        assertThat(query("SELECT a.id FROM " + view + " a JOIN " + view + " b USING (id) WHERE a.class = b.class"))
                .hasSize(IMAGES.size());
    }

    /** Spark computes such rows on the driver. */
    @Test
    void literalsArePredictedOnToo() {
        String png = folder.resolve("0.png").toString();
        Row ofTable = query("SELECT " + predict("image") + " FROM photos WHERE id = 0")
                .get(0);
        assertThat(query("SELECT " + predict("p") + " FROM VALUES ('" + png + "') AS t(p)"))
                .containsExactly(ofTable);
        assertThat(query("SELECT " + predict("'" + png + "'"))).containsExactly(ofTable);
    }

    @Test
    void nullGivesNullAndABadImageFailsUnlessItIsTried() {
        assertThat(query("SELECT " + predict("nullif(image, image)") + " FROM photos"))
                .hasSize(IMAGES.size())
                .containsOnly(RowFactory.create((Object) null));
        String bad = "if(id = 3, 'nowhere.png', path)";
        assertThatThrownBy(() -> query("SELECT " + predict(bad) + " FROM photos"))
                .rootCause()
                .hasMessageContaining("image nowhere.png is missing", "try_densenet_predict");
        assertThat(query("SELECT id FROM (SELECT id, try_" + predict(bad) + " AS p FROM photos) WHERE p IS NULL"))
                .containsExactly(RowFactory.create(3));
    }

    @Test
    void aModelThatWasReplacedIsReadAgain() throws IOException {
        Path place = folder.resolve("replaced");
        String select = "SELECT densenet_predict('" + place + "', image).probability FROM photos WHERE id = 1";
        TestModel.folder().write(hadoop(place), new Configuration());
        double before = query(select).get(0).getDouble(0);
        RandomModel other = RandomModel.of(TestModel.MODEL.description().specification(), new ImageShape(10, 10), 5);
        new ModelFolder(other.description(), other.state()).write(hadoop(place), new Configuration());
        assertThat(query(select).get(0).getDouble(0)).isNotEqualTo(before);
    }

    @Test
    void argumentsThatDoNotFitAreNamedBeforeAnyJob() {
        assertRefused("densenet_predict(path, image)", "the model of densenet_predict is ", "constant string");
        assertRefused("densenet_predict('here')", "densenet_predict has 1 arguments");
        assertRefused("densenet_predict('nowhere', image)", "nowhere is no model folder");
        assertRefused(predict("id"), "is of type int, which can't be read as images");
    }

    private static void assertRefused(String expression, String... words) {
        assertThatThrownBy(() -> spark.sql("SELECT " + expression + " FROM photos"))
                .isInstanceOf(JobException.class)
                .hasMessageContainingAll(words);
    }

    @Test
    void sparkDescribesTheFunctions() {
        assertThat(query("DESCRIBE FUNCTION try_densenet_predict").toString())
                .contains("try_densenet_predict(model, image)", "gives null");
    }
}
