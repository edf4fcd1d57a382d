package io.densespark.data.records;

import io.densespark.data.DataException;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Archives of images, plain or compressed ({@code .tar}, {@code .tar.gz}, {@code .tgz}, {@code .tar.zst}), each read by one
 * task from its beginning to its end.
 *
 * <p>In an archive as WebDataset writes them entries of one name up to its first dot belong together: an image, and its
 * class in an entry that ends in {@code .cls}. Elsewhere an image's class is the folder in which it lies. Splits are the
 * name of a folder above that of the class, or else what the archive's name begins with ({@code
 * train-0001.tar}).
 */
public final class TarSource implements RecordSource {
    private static final List<String> ENDINGS = List.of(".tar", ".tar.gz", ".tgz", ".tar.zst");

    private final SparkSession spark;
    private final Path input;
    private final List<String> archives;

    private TarSource(SparkSession spark, Path input, TableFiles files) {
        this.spark = spark;
        this.input = input;
        archives = List.of(files.names());
    }

    /**
     * Opens an archive, or all archives of a folder; what is in them isn't looked at yet.
     *
     * @throws DataException if there is none
     */
    public static TarSource open(SparkSession spark, Path input) {
        TableFiles files = TableFiles.find(spark.sparkContext().hadoopConfiguration(), input, ENDINGS);
        return new TarSource(spark, input, files);
    }

    @Override
    public String name() {
        return RelativePaths.shortName(input);
    }

    @Override
    public String location() {
        return input.toString();
    }

    @Override
    public boolean holdsImages() {
        return true;
    }

    @Override
    public Dataset<Row> records(boolean withImages) {
        JavaSparkContext sc = JavaSparkContext.fromSparkContext(spark.sparkContext());
        TarListing listing =
                new TarListing(sc.broadcast(new SerializableConfiguration(sc.hadoopConfiguration())), withImages);
        return spark.createDataFrame(sc.parallelize(archives, archives.size()).flatMap(listing), ImageRecord.SCHEMA);
    }
}
