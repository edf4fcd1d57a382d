package io.densespark.data.prepare;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.explode;

import io.densespark.data.DataException;
import io.densespark.data.DatasetDescription;
import io.densespark.data.records.ImageRecord;
import io.densespark.data.records.RecordSource;
import java.io.Serializable;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Turns a source of records into Parquet shards and a {@code dataset.json}, by Spark's tasks.
 *
 * <p>What is in the shards depends on the records and the settings alone, not on tasks or partitions: the images of a split
 * stand in the order of the hashes of their names. The driver sees counts, names of classes, and the first name of each shard;
 * each shard is written by a task of its own, under a name that no other attempt has. As with {@link Prepare}, {@code
 * dataset.json} comes last and names the files that count.
 */
public final class RecordsPrepare {
    /** More differing labels than that are no classes: the label column is likely another one. */
    private static final int MOST_CLASSES = 100_000;

    private final SparkSession spark;
    private final JavaSparkContext sc;
    private final RecordSource source;
    private final RecordSettings settings;

    private RecordsPrepare(SparkSession spark, RecordSource source, RecordSettings settings) {
        this.spark = spark;
        this.sc = JavaSparkContext.fromSparkContext(spark.sparkContext());
        this.source = source;
        this.settings = settings;
    }

    /**
     * Prepares a whole data set.
     *
     * @param output folder to write, on a file system that driver and tasks share; it is made if it doesn't exist
     * @return what {@code output/dataset.json} now says
     * @throws BadImageException if an image can't be prepared, or too many can't
     * @throws io.densespark.data.source.ImageSizesDifferException if images differ in size and none is set
     * @throws DataException if the output is in use, the source has no images, or a file can't be written; after any exception
     *     the output is as it was before
     */
    public static DatasetDescription run(
            SparkSession spark, RecordSource source, Path output, RecordSettings settings) {
        RecordsPrepare prepare = new RecordsPrepare(spark, source, settings);
        return OutputFolder.begin(prepare.sc.hadoopConfiguration(), output, settings.overwrite())
                .fill(folder -> SparkFailure.unwrapped(() -> prepare.write(folder, output)));
    }

    private DatasetDescription write(OutputFolder folder, Path output) {
        Dataset<Row> index = source.records(false).persist(StorageLevel.MEMORY_AND_DISK());
        try {
            return write(index, folder, output);
        } finally {
            index.unpersist();
        }
    }

    private DatasetDescription write(Dataset<Row> index, OutputFolder folder, Path output) {
        long total = index.count();
        if (total == 0) {
            throw new DataException(source.location() + " has no images: check the path and the files' endings");
        }
        BadImages bad = new BadImages(settings.maxBad(), total);
        SplitChoice choice = SplitChoice.of(source, splits(index), settings);
        SplitRule given = choice.given(settings.seed(), source.labels());
        ClassNames classes = source.classes()
                .map(names -> ClassNames.inOrder(names, source.labels()))
                .orElseGet(() -> ClassNames.sorted(labels(index), source.labels()));
        RecordJudge judge = new RecordJudge(classes, given);
        JavaRDD<ImageRecord> records = index.javaRDD().map(ImageRecord::of);
        bad.add(problems(records, judge, bad.limit()));
        JavaRDD<ImageRecord> good = records.filter(judge::isGood);
        SplitRule rule =
                choice.draws() ? SplitDraw.of(spark, good, given, choice.testShare(), choice.validationShare()) : given;
        ShardPlan plan = ShardOrder.of(good, rule, settings.seed(), settings.rows(), total);
        choice.requireImages(plan, source.location());
        // What holds the images themselves is read once more, with them.
        JavaRDD<ImageRecord> images = source.holdsImages()
                ? source.records(true).javaRDD().map(ImageRecord::of).filter(judge::isGood)
                : good;
        return new ShardJob(sc, settings, source, classes).run(images, rule, plan, bad, folder, output);
    }

    /** The splits that the records name; an empty name for those that name none. */
    private static Set<String> splits(Dataset<Row> index) {
        Set<String> splits = new HashSet<>();
        index.filter(col("problem").isNull())
                .select("split")
                .distinct()
                .collectAsList()
                .forEach(row -> splits.add(row.isNullAt(0) ? "" : row.getString(0)));
        return splits;
    }

    /** All names of classes among the training images. */
    private List<String> labels(Dataset<Row> index) {
        Column trains = col("split").isNull().or(col("split").equalTo(DatasetDescription.TRAIN));
        List<String> found = index
                .filter(col("problem").isNull().and(trains))
                .select(explode(concat(col("present"), col("unknown"))))
                .distinct()
                .limit(MOST_CLASSES + 1)
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .toList();
        if (found.size() > MOST_CLASSES) {
            throw new DataException(source.location() + " has more than " + MOST_CLASSES
                    + " different labels: check which column has the classes");
        }
        return found;
    }

    private List<BadImage> problems(JavaRDD<ImageRecord> records, RecordJudge judge, int limit) {
        JavaRDD<String[]> problems = records.filter(record -> !judge.isGood(record))
                .map(record ->
                        new String[] {record.place(), judge.problem(record).orElseThrow()});
        List<String[]> found =
                settings.maxBad().isPresent() ? problems.take(limit) : problems.takeOrdered(limit, new ByPath());
        return found.stream().map(row -> new BadImage(row[0], row[1])).toList();
    }

    /** Spark sends it to the tasks. */
    private static final class ByPath implements Comparator<String[]>, Serializable {
        @Override
        public int compare(String[] a, String[] b) {
            return a[0].compareTo(b[0]);
        }
    }
}
