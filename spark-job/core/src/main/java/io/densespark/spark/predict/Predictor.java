package io.densespark.spark.predict;

import io.densespark.model.weights.ModelDescription;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/** Predicts on Datasets, batch or streaming: each row gets what a model says of its image. */
public final class Predictor {
    private Predictor() {}

    /**
     * A Dataset with the columns of the prediction behind its own; nothing is computed yet. Rows keep their order. Each
     * partition's rows go through the network in batches; a partition with few rows makes small ones. The classes' names are
     * in the metadata of the column of the predicted class.
     *
     * @throws io.densespark.spark.JobException if the column of the images is missing or of a type that can't be read, an
     *     output column is there already, or settings and model don't fit each other
     */
    public static Dataset<Row> predict(Dataset<Row> input, PredictSettings settings, BroadcastModel model) {
        return predict(
                input, settings, model, ImageCounters.of(input.sparkSession().sparkContext()));
    }

    static Dataset<Row> predict(
            Dataset<Row> input, PredictSettings settings, BroadcastModel model, ImageCounters counters) {
        StructType schema = schema(input.schema(), settings, model.description());
        SparkContext sc = input.sparkSession().sparkContext();
        PredictPartition task = new PredictPartition(
                ImageColumn.of(input.schema(), settings.imageColumn(), settings.imageShape()),
                new OutputRow(settings.columns(), new Classification(settings.thresholds())),
                settings.inferBatchSize(),
                settings.onBadImage(),
                model.content(),
                counters,
                JavaSparkContext.fromSparkContext(sc)
                        .broadcast(new SerializableConfiguration(sc.hadoopConfiguration())));
        Dataset<Row> predicted = input.mapPartitions(task, Encoders.row(schema));
        String prediction = settings.columns().prediction();
        return prediction.isEmpty()
                ? predicted
                : predicted.withMetadata(prediction, names(prediction, model.description()));
    }

    /** The classes' names, where Spark ML's stages look for them. */
    private static Metadata names(String column, ModelDescription model) {
        return NominalAttribute.defaultAttr()
                .withName(column)
                .withValues(model.classes().toArray(String[]::new))
                .toMetadata();
    }

    /**
     * The schema of a prediction.
     *
     * @param input the schema of the Dataset that is predicted on
     * @throws io.densespark.spark.JobException as {@link #predict}
     */
    public static StructType schema(StructType input, PredictSettings settings, ModelDescription model) {
        ImageColumn.of(input, settings.imageColumn(), settings.imageShape())
                .requireFor(model.specification().inputChannels());
        new Classification(settings.thresholds())
                .requireFor(model.specification().classes());
        return settings.columns().appendedTo(input);
    }
}
