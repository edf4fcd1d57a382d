package io.densespark.spark.ml;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Fits a pipeline and saves it ({@code fit FOLDER}), or loads one ({@code load FOLDER}); prints what it predicts. */
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
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        int right = 0;
        for (Row row : model.transform(squares)
                .orderBy("id")
                .select("number", "prediction", "probability")
                .collectAsList()) {
            right += row.getDouble(0) == row.getDouble(1) ? 1 : 0;
            for (double each : row.<Vector>getAs(2).toArray()) {
                digest.update(Double.toHexString(each).getBytes(StandardCharsets.UTF_8));
            }
        }
        System.out.println("Spark " + spark.version().charAt(0) + ", " + right + " right, predictions "
                + HexFormat.of().formatHex(digest.digest()));
        spark.stop();
        System.exit(0);
    }
}
