package io.densespark.spark.predict;

import io.densespark.data.files.Causes;
import io.densespark.data.files.Obstacle;
import io.densespark.spark.JobException;
import io.densespark.spark.store.ModelFolder;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The job of the command {@code predict}: images in, a folder of predictions out. */
public final class PredictJob {
    private static final String PROBABILITY = "probability";

    private PredictJob() {}

    /**
     * What a job did.
     *
     * @param images with a prediction
     * @param badImages without
     * @param seconds from the first task to the end of the output
     */
    public record Result(long images, long badImages, double seconds, double imagesPerSecond) {}

    /**
     * Predicts on all images and writes what a model says of them.
     *
     * @throws JobException if there are no images, or one is bad and bad images are to fail the job; or as {@link
     *     Predictor#predict}
     */
    public static Result run(
            JavaSparkContext sc,
            ModelFolder folder,
            PredictInput input,
            PredictOutput output,
            int batch,
            OnBadImage onBadImage)
            throws IOException {
        SparkSession spark = SparkSession.builder().getOrCreate();
        Dataset<Row> images = input.read(spark);
        if (images.isEmpty()) {
            throw new JobException(input.description() + " has no image: check it");
        }
        BroadcastModel model = BroadcastModel.of(sc.sc(), folder);
        ImageCounters counters = ImageCounters.of(sc.sc());
        PredictSettings settings = new PredictSettings(
                input.imageColumn(),
                input.shape(),
                new OutputColumns("", "", PROBABILITY, ""),
                batch,
                onBadImage,
                List.of());
        Dataset<Row> predicted = Predictor.predict(images, settings, model, counters);
        Dataset<Row> slim = input.labels().isEmpty()
                ? predicted.select(input.key(), PROBABILITY)
                : predicted.select(input.key(), "label", PROBABILITY);
        RankedClasses ranked = new RankedClasses(
                folder.description().classes(),
                input.labels(),
                output.topK(),
                output.format() == PredictOutput.Format.csv);
        Dataset<Row> rows = slim.mapPartitions(
                ranked,
                Encoders.row(ranked.schema(
                        input.key(), images.schema().apply(input.key()).dataType())));
        long start = System.nanoTime();
        output.place().write(() -> write(rows, input, output));
        double seconds = (System.nanoTime() - start) / 1e9;
        long count = counters.images().value();
        return new Result(count, counters.bad().value(), seconds, count / seconds);
    }

    private static void write(Dataset<Row> rows, PredictInput input, PredictOutput output) throws IOException {
        try {
            output.write(rows.write());
        } catch (Exception e) {
            // Scala does not declare what it throws.
            Optional<Throwable> damage = Causes.of(e)
                    .filter(cause -> cause.getClass().getName().startsWith("org.apache.parquet."))
                    .findFirst();
            if (damage.isPresent()) {
                throw new JobException(
                        input.description() + " is damaged (" + Obstacle.reason(damage.get()) + "): run prepare again",
                        e);
            }
            throw e;
        }
    }
}
