package io.densespark.spark.train;

import io.densespark.data.ImageShape;
import io.densespark.data.batch.EpochShare;
import io.densespark.data.batch.ImageSet;
import io.densespark.model.collective.ProcessGroup;
import io.densespark.spark.rank.Connections;
import io.densespark.spark.rank.Rank;
import io.densespark.spark.rank.RankStage;
import io.densespark.spark.rank.RankWork;
import io.densespark.spark.rank.RanksLostException;
import io.densespark.spark.resources.ClusterSlots;
import io.densespark.spark.settings.SettingValues;
import io.densespark.spark.settings.TrainSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Two ranks go three times over the rows of a DataFrame whose partitions are empty, of one row, of nine in ten, and of the
 * rest, and report which they met; each row's label is its number. In the first attempt rank 1's process is killed in the second epoch.
 */
public final class RowsOnceJob {
    static final int ROWS = 300;
    static final int EPOCHS = 3;

    private RowsOnceJob() {}

    /** The labels of each epoch. */
    private static final class Walk implements RankWork<RankImages, List<List<Integer>>> {
        private final RunPlan plan;
        private final String mark;

        Walk(RunPlan plan, Path mark) {
            this.plan = plan;
            this.mark = mark.toString();
        }

        @Override
        public RankImages open(Rank rank) throws IOException, InterruptedException {
            return plan.feeder().open(rank);
        }

        @Override
        public List<List<Integer>> run(RankImages images, Rank rank, ProcessGroup group)
                throws IOException, InterruptedException {
            Feed feed = images.join(plan, group);
            List<List<Integer>> epochs = new ArrayList<>();
            for (int epoch = 0; epoch < EPOCHS; epoch++) {
                if (epoch == 1 && group.rank() == 1 && Files.deleteIfExists(Path.of(mark))) {
                    new ProcessBuilder(
                                    "kill",
                                    "-9",
                                    Long.toString(ProcessHandle.current().pid()))
                            .start()
                            .waitFor();
                }
                Feed.Part part = feed.training(epoch);
                EpochShare share = part.share();
                ImageSet held = (ImageSet) part.images();
                List<Integer> labels = new ArrayList<>();
                for (int batch = 0; batch < share.batches(); batch++) {
                    for (int i = 0; i < share.count(batch); i++) {
                        labels.add(held.label(share.image(batch, i)));
                    }
                    group.sum(new double[] {1});
                }
                epochs.add(labels);
            }
            return epochs;
        }
    }

    /**
     * Runs the walk.
     *
     * @param arguments a folder that driver and executors share
     */
    @SuppressWarnings("SystemOut") // What the test reads.
    public static void main(String[] arguments) throws IOException {
        Path mark = Files.createFile(Path.of(arguments[0]).resolve("kill"));
        SparkSession spark = SparkSession.builder().getOrCreate();
        JavaSparkContext sc = JavaSparkContext.fromSparkContext(spark.sparkContext());
        ImageShape shape = new ImageShape(8, 8, 1);
        List<String> classes =
                IntStream.range(0, ROWS).mapToObj(Integer::toString).toList();
        RowData data = new RowData(rows(spark, shape), shape, classes, ROWS, false, "rows");
        TrainSettings settings = TrainSettings.of(SettingValues.parse(Map.of(
                        "data",
                        "rows",
                        "save",
                        "nowhere",
                        "depth",
                        "10",
                        "growth-rate",
                        "4",
                        "valid-size",
                        "0",
                        "batch-size",
                        "7")))
                .decided(1, 2);
        RunPlan plan = RunPlan.first(settings, data, "attempt", new Beginning.Random());
        RankStage stage = RankStage.of(sc, 2, Connections.within(Duration.ofSeconds(60)), plan.replica());
        JavaRDD<Row> partitions = data.rows(2).orElseThrow();
        try {
            stage.run(new Walk(plan, mark), partitions);
            System.out.println("nobody was lost");
        } catch (RanksLostException e) {
            ClusterSlots.awaitReplacements(sc, 2, 2, Duration.ofMinutes(2));
            List<List<List<Integer>>> ranks = stage.run(new Walk(plan, mark), partitions);
            for (int epoch = 0; epoch < EPOCHS; epoch++) {
                List<Integer> met = new ArrayList<>();
                for (List<List<Integer>> rank : ranks) {
                    met.addAll(rank.get(epoch));
                }
                List<Integer> sorted = met.stream().sorted().toList();
                boolean once = sorted.equals(IntStream.range(0, ROWS).boxed().toList());
                System.out.println("epoch " + epoch + " met " + met.size() + " rows, each once: " + once);
            }
        }
        // The program ends by itself, though Spark 3.5 leaves timers behind.
        spark.stop();
    }

    private static Dataset<Row> rows(SparkSession spark, ImageShape shape) {
        List<Row> rows = new ArrayList<>();
        for (int label = 0; label < ROWS; label++) {
            byte[] pixels = new byte[shape.bytes()];
            pixels[0] = (byte) label;
            rows.add(RowFactory.create(pixels, label, false, 1f, ""));
        }
        Column label = functions.col("label");
        Column part = functions
                .when(label.equalTo(0), functions.lit(1))
                .when(label.lt(ROWS * 9 / 10), functions.lit(2))
                .otherwise(functions.lit(3));
        return spark.createDataFrame(rows, TrainingRows.SCHEMA).repartition(8, part);
    }
}
