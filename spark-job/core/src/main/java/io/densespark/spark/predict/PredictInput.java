package io.densespark.spark.predict;

import io.densespark.data.DatasetDescription;
import io.densespark.data.ImageShape;
import io.densespark.data.files.ImageFolder;
import io.densespark.data.files.Obstacle;
import io.densespark.data.files.PlainFiles;
import io.densespark.data.shard.ShardReader;
import io.densespark.spark.JobException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The images that a command predicts on: of a prepared data set, or files. */
public final class PredictInput {
    /** The columns of a shard that are of use here. */
    private static final StructType SHARD = new StructType()
            .add("id", DataTypes.LongType)
            .add("label", DataTypes.IntegerType)
            .add("image", DataTypes.BinaryType);

    /** Of Parquet: each page has a checksum, which isn't looked at by default. */
    private static final String VERIFY_CHECKSUMS = "parquet.page.verify-checksum.enabled";

    private static final int FILES_OF_PARTITION = 1000;

    private final String description;
    private final String key;
    private final String imageColumn;
    private final List<String> labels;
    private final Optional<ImageShape> shape;
    private final Reader reader;

    /** Makes the Dataset, lazily. */
    @FunctionalInterface
    private interface Reader {
        Dataset<Row> read(SparkSession spark);
    }

    private PredictInput(
            String description,
            String key,
            String imageColumn,
            List<String> labels,
            Optional<ImageShape> shape,
            Reader reader) {
        this.description = description;
        this.key = key;
        this.imageColumn = imageColumn;
        this.labels = List.copyOf(labels);
        this.shape = shape;
        this.reader = reader;
    }

    /**
     * The images of a prepared data set, by their {@code id}, with the names of their classes.
     *
     * @throws io.densespark.data.DataException if the folder is no data set, or has no such split, or
     *     shards are missing
     */
    public static PredictInput ofDataset(Path folder, String split, Configuration conf) {
        DatasetDescription dataset = DatasetDescription.read(conf, folder);
        ShardReader.requireThere(conf, folder, dataset, List.of(split));
        String[] shards = dataset.shards(split).stream()
                .map(shard -> new Path(folder, shard.file()).toString())
                .toArray(String[]::new);
        return new PredictInput(
                "data set " + folder,
                "id",
                "image",
                dataset.classes(),
                dataset.encoded() ? Optional.empty() : Optional.of(dataset.shape()),
                spark -> spark.read()
                        .schema(SHARD)
                        .option(VERIFY_CHECKSUMS, true)
                        .parquet(shards));
    }

    /**
     * Files, by their {@code path}. Each is read by the task that decodes it.
     *
     * @param glob a Hadoop glob. Files that it matches are taken, whatever their names; of folders that it matches, all {@linkplain
     *     ImageFolder image files} in them and below; a wildcard matches nothing hidden.
     * @throws JobException if it matches nothing
     */
    public static PredictInput ofFiles(Path glob, Configuration conf) throws IOException {
        FileSystem files = PlainFiles.of(glob, conf).system();
        FileStatus[] found;
        try {
            found = files.globStatus(glob);
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).startsWith("Illegal file pattern")) {
                throw new JobException("--images " + glob + " is no pattern (" + Obstacle.reason(e) + "): mend it", e);
            }
            throw e;
        }
        if (found == null || found.length == 0) {
            throw new JobException("--images " + glob + " matches no file and no folder: check it");
        }
        List<String> paths = new ArrayList<>();
        for (FileStatus status : found) {
            if (ImageFolder.isPassedOver(status) && !ImageFolder.isHidden(glob)) {
                continue;
            }
            if (status.isDirectory()) {
                new ImageFolder(files, status.getPath()).forEachRemaining(image -> paths.add(image.toString()));
            } else {
                paths.add(status.getPath().toString());
            }
        }
        return new PredictInput("--images " + glob, "path", "path", List.of(), Optional.empty(), spark -> {
            JavaSparkContext sc = JavaSparkContext.fromSparkContext(spark.sparkContext());
            int partitions = Math.max(sc.defaultParallelism(), paths.size() / FILES_OF_PARTITION);
            JavaRDD<Row> rows = sc.parallelize(paths, partitions).map(RowFactory::create);
            return spark.createDataFrame(rows, new StructType().add("path", DataTypes.StringType, false));
        });
    }

    /** The images with their key and, where it is known, their label. */
    Dataset<Row> read(SparkSession spark) {
        return reader.read(spark);
    }

    /** What to name in an error. */
    String description() {
        return description;
    }

    /** The column by which images are told apart. */
    String key() {
        return key;
    }

    String imageColumn() {
        return imageColumn;
    }

    /** The names of labels; none if labels aren't known. */
    List<String> labels() {
        return labels;
    }

    Optional<ImageShape> shape() {
        return shape;
    }
}
