package io.densespark.spark.ml;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.densespark.spark.JobException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trains on small images, on two replicas in this process. */
class DenseNetClassifierTest {
    private static SparkSession spark;
    private static Dataset<Row> squares;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startSpark() {
        spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "2")
                .getOrCreate();
        squares = Squares.table(spark, 80).cache();
    }

    @AfterAll
    static void stopSpark() {
        spark.stop();
    }

    private static DenseNetClassifier classifier() {
        return new DenseNetClassifier()
                .setChannels(1)
                .setDepth(10)
                .setGrowthRate(4)
                .setEpochs(6)
                .setBatchSize(16)
                .setCropPadding(0)
                .setFlip(false)
                .setSeed(3)
                .setNumWorkers(2);
    }

    private static double accuracy(Dataset<Row> predictions, String label) {
        return (double) predictions.where(col("prediction").equalTo(col(label))).count() / predictions.count();
    }

    @Test
    void aModelOfEncodedImagesAndNamesOfClassesPredictsThem() {
        DenseNetModel model = classifier().fit(squares.drop("index"));

        assertThat(model.classes()).containsExactly("left", "right");
        Dataset<Row> predictions = model.transform(squares);
        assertThat(predictions.columns())
                .containsExactly("id", "image", "label", "index", "rawPrediction", "probability", "prediction");
        assertThat(accuracy(predictions, "index")).isEqualTo(1);
        Dataset<Row> named = new IndexToString()
                .setInputCol("prediction")
                .setOutputCol("name")
                .transform(predictions);
        assertThat(named.where(col("name").notEqual(col("label"))).count()).isZero();
        assertThat(model.description().image().height()).isEqualTo(Squares.SIDE);
        assertThat(model.description().specification().inputChannels()).isEqualTo(1);
    }

    @Test
    @Tag("slow")
    void theSameSeedAndRowsGiveTheSameModelWhateverTheirPartitions() {
        Dataset<Row> indexed = squares.drop("label").withColumnRenamed("index", "label");
        List<Row> first = probabilities(classifier().setEpochs(1).fit(indexed.coalesce(1)));
        List<Row> again = probabilities(classifier().setEpochs(1).fit(indexed.coalesce(1)));
        assertThat(first).isEqualTo(again);
    }

    private static List<Row> probabilities(DenseNetModel model) {
        return model.transform(squares).orderBy("id").select("probability").collectAsList();
    }

    @Test
    @Tag("slow")
    void unevenAndEmptyPartitionsAreLearntFrom() {
        Dataset<Row> uneven = squares.drop("index")
                .withColumn("key", when(col("id").lt(72), lit(1)).otherwise(lit(2)))
                .repartition(5, col("key"))
                .drop("key");
        assertThat(accuracy(classifier().fit(uneven).transform(squares), "index"))
                .isEqualTo(1);
    }

    @Test
    void aShapeThatNoImageHasIsNamedByItsParam() {
        assertThatThrownBy(() -> classifier().setImageShape(8, -8, 1).fit(squares))
                .isInstanceOf(JobException.class)
                .hasMessage("setting imageShape is [8, -8, 1]: give an image's height, width and channels");
    }

    @Test
    void channelsThatNoImageIsDecodedToAreRefused() {
        assertThatThrownBy(() -> classifier().setChannels(2).fit(squares.drop("index")))
                .isInstanceOf(JobException.class)
                .hasMessage("channels is 2: give 1 for grey or 3 for colors");
    }

    @Test
    void errorsSpeakOfParamsNotOfOptions() {
        assertThatThrownBy(() -> classifier().setValidSize(80).fit(squares.drop("index")))
                .isInstanceOf(JobException.class)
                .hasMessageStartingWith("validSize 80 keeps all of the 80 training images aside: set it from 0 to 79");
        assertThatThrownBy(() -> classifier().setBatchSize(-1).fit(squares.drop("index")))
                .isInstanceOf(JobException.class)
                .hasMessage("setting batchSize is '-1': it must be a whole number of at least 1");
    }

    @Test
    void aColumnTellsWhichRowsAreKeptAside() {
        Dataset<Row> marked = squares.drop("index").withColumn("kept", col("id").lt(20));
        DenseNetModel model = classifier().setValidationIndicatorCol("kept").fit(marked);
        assertThat(accuracy(model.transform(squares), "index")).isEqualTo(1);
        assertThatThrownBy(() -> classifier()
                        .setValidationIndicatorCol("kept")
                        .setValidSize(10)
                        .fit(marked))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("validSize is 10, but validationIndicatorCol marks 20 rows");
    }

    /** Three of five rows that are learnt from have the wrong label, and no weight: counted, they would win. */
    @Test
    @Tag("slow")
    void rowsWithoutWeightAreNotLearntFromAndTheScaleOfWeightsDoesNotMatter() {
        Dataset<Row> noisy = squares.drop("label")
                .withColumn("wrong", col("id").geq(10).and(col("id").mod(5).lt(3)))
                .withColumn(
                        "label", when(col("wrong"), lit(1).minus(col("index"))).otherwise(col("index")))
                .withColumn("weight", when(col("wrong"), 0).otherwise(1))
                .withColumn("kept", col("id").lt(10))
                .repartition(1)
                .cache();
        DenseNetClassifier classifier = classifier().setWeightCol("weight").setValidationIndicatorCol("kept");
        DenseNetModel model = classifier.fit(noisy);
        assertThat(accuracy(model.transform(squares), "index")).isGreaterThan(0.9);
        DenseNetModel deceived = classifier().setValidationIndicatorCol("kept").fit(noisy);
        assertThat(accuracy(deceived.transform(squares), "index")).isLessThan(0.6);
        DenseNetModel eightfold =
                classifier.fit(noisy.withColumn("weight", col("weight").multiply(8)));
        assertThat(probabilities(eightfold)).isEqualTo(probabilities(model));
        assertThatThrownBy(() ->
                        classifier.fit(noisy.withColumn("weight", col("weight").minus(1))))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("column 'weight' is no weight in ")
                .hasMessageContaining("finite numbers of 0 or more");
        assertThatThrownBy(() -> classifier.fit(noisy.withColumn("weight", lit(0))))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("'weight' are all 0");
        assertRefused(classifier().setWeightCol("label"), squares, "weightCol takes a column of numbers");
    }

    @Test
    void aPipelineWithAStringIndexerIsSavedAndLoaded() throws Exception {
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {
            new StringIndexer().setInputCol("label").setOutputCol("number"),
            classifier().setLabelCol("number").setEpochs(1)
        });
        PipelineModel model = pipeline.fit(squares.drop("index"));
        String place = folder.resolve("pipeline").toString();
        model.write().overwrite().save(place);
        PipelineModel loaded = PipelineModel.load(place);

        assertThat(((DenseNetModel) loaded.stages()[1]).classes()).containsExactly("left", "right");
        Dataset<Row> input = squares.drop("index");
        assertThat(loaded.transform(input).orderBy("id").select("probability").collectAsList())
                .isEqualTo(model.transform(input)
                        .orderBy("id")
                        .select("probability")
                        .collectAsList());
    }

    @Test
    void anEstimatorKeepsItsParamsWhenItIsSavedAndCopied() throws Exception {
        DenseNetClassifier saved =
                classifier().setBlockConfig(2, 3).setLearningRate(0.05).setGroupCol("patient");
        String place = folder.resolve("estimator").toString();
        saved.save(place);
        for (DenseNetClassifier other : List.of(DenseNetClassifier.load(place), saved.copy(new ParamMap()))) {
            assertThat(other.uid()).isEqualTo(saved.uid());
            for (Param<?> param : saved.params()) {
                Param<Object> its = other.getParam(param.name());
                assertThat(other.isSet(its)).as(param.name()).isEqualTo(saved.isSet(param));
                assertThat(StageParams.value(other, its))
                        .usingRecursiveComparison()
                        .isEqualTo(StageParams.value(saved, param));
            }
        }
        assertThatThrownBy(() -> DenseNetModel.load(place))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("holds a io.densespark.spark.ml.DenseNetClassifier");
    }

    @Test
    @Tag("slow")
    void crossValidationChoosesAmongGrowthRates() {
        DenseNetClassifier classifier =
                classifier().setEpochs(1).setValidationIndicatorCol("kept").setLabelCol("index");
        ParamMap[] grid = new ParamGridBuilder()
                .addGrid(classifier.growthRate(), new int[] {4, 8})
                .build();
        CrossValidatorModel best = new CrossValidator()
                .setEstimator(classifier)
                .setEvaluator(new MulticlassClassificationEvaluator()
                        .setLabelCol("index")
                        .setMetricName("accuracy"))
                .setEstimatorParamMaps(grid)
                .setNumFolds(2)
                .setSeed(1)
                .fit(squares.withColumn("kept", col("id").lt(8)));
        assertThat(best.avgMetrics()).hasSize(2);
        assertThat(((DenseNetModel) best.bestModel())
                        .description()
                        .specification()
                        .growthRate())
                .isIn(4, 8);
    }

    @Test
    void aBadImageEndsTheTrainingOrIsLeftOut() {
        Dataset<Row> damaged = squares.drop("index")
                .withColumn(
                        "image",
                        when(col("id").equalTo(5), lit(new byte[] {1, 2, 3})).otherwise(col("image")))
                .withColumn("path", col("id").cast("string"));
        assertThatThrownBy(() -> classifier().fit(damaged))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("image 5 is")
                .hasMessageContaining("onBadImage");
        assertThat(classifier().setEpochs(1).setOnBadImage("drop").fit(damaged).classes())
                .hasSize(2);
    }

    @Test
    void columnsAndParamsThatDoNotFitAreNamedBeforeAnyJob() {
        assertRefused(classifier().setImageCol("picture"), squares, "no column 'picture' with images", "imageCol");
        assertRefused(classifier().setLabelCol("kind"), squares, "no column 'kind' with labels", "labelCol");
        assertRefused(
                classifier().setLabelCol("many"),
                squares.withColumn("many", array(lit(1), lit(0))),
                "several labels an image");
        assertRefused(classifier().setLabelCol("id").setGroupCol("who"), squares, "no column 'who'", "groupCol");
        assertRefused(classifier().setLabelCol("index").setEpochs(0), squares, "epochs is '0'");
        assertRefused(
                classifier().setLabelCol("half"),
                squares.withColumn("half", lit(0.5)),
                "the label 0.5",
                "no index of a class");
        assertRefused(
                classifier().setLabelCol("none"),
                squares.withColumn("none", lit(null).cast("string")),
                "column 'none' is null in 80 rows");
    }

    private static void assertRefused(DenseNetClassifier classifier, Dataset<Row> rows, String... words) {
        assertThatThrownBy(() -> classifier.fit(rows))
                .isInstanceOf(JobException.class)
                .hasMessageContainingAll(words);
    }
}
