package io.densespark.spark.ml;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Fits a pipeline and saves it ({@code fit FOLDER}), or loads one ({@code load FOLDER}); prints what it
 * predicts, and in how many rows SQL's function says the same. */
public final class PipelineJob {
    private PipelineJob() {}

    public static void main(String[] arguments) throws Exception {
        SparkSession spark = SparkSession.builder().getOrCreate();
        Dataset<Row> squares = Squares.table(spark, 120).drop("index");
        if (arguments[0].equals("fit")) {
            DenseNetClassifier classifier = new DenseNetClassifier()
                    .setLabelCol("number")
                    .setChannels(1)
                    .setDepth(10)
                    .setGrowthRate(4)
                    .setEpochs(3)
                    .setBatchSize(16)
                    .setCropPadding(0)
                    .setFlip(false)
                    .setSeed(3)
                    .setNumWorkers(2);
            new Pipeline()
                    .setStages(new PipelineStage[] {
                        new StringIndexer().setInputCol("label").setOutputCol("number"), classifier
                    })
                    .fit(squares)
                    .save(arguments[1]);
        }
        PipelineModel model = PipelineModel.load(arguments[1]);
        List<Row> inSql = inSql(spark, squares, arguments[1] + "/stages/1_" + model.stages()[1].uid());
        List<String> classes = ((DenseNetModel) model.stages()[1]).classes();
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        int asInSql = 0;
        int rows = 0;
        int right = 0;
        for (Row row : model.transform(squares)
                .orderBy("id")
                .select("number", "prediction", "probability")
                .collectAsList()) {
            Row other = inSql.get(rows++);
            int label = (int) row.getDouble(1);
            asInSql += other.getString(0).equals(classes.get(label))
                            && Math.abs(other.getDouble(1)
                                            - row.<Vector>getAs(2).apply(label))
                                    < 1e-5
                    ? 1
                    : 0;
            right += row.getDouble(0) == label ? 1 : 0;
            for (double each : row.<Vector>getAs(2).toArray()) {
                digest.update(Double.toHexString(each).getBytes(StandardCharsets.UTF_8));
            }
        }
        System.out.println("Spark " + spark.version().charAt(0) + ", " + right + " right, " + asInSql
                + " as in SQL, predictions "
                + HexFormat.of().formatHex(digest.digest()));
        spark.stop();
        System.exit(0);
    }

    private static List<Row> inSql(SparkSession spark, Dataset<Row> squares, String model) {
        // Of a table in its own memory the driver would compute it.
        squares.repartition(2).createOrReplaceTempView("squares");
        return spark.sql("SELECT p.prediction, p.probability FROM (SELECT id, densenet_predict('" + model
                        + "', image) AS p FROM squares) ORDER BY id")
                .collectAsList();
    }
}
