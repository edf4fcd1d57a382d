package io.densespark.data.records;

import static org.apache.spark.sql.functions.col;

import io.densespark.data.DataException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Parquet files with a row for each image: its path, its encoded bytes, or both as Hugging Face writes them. Names of
 * classes, for labels that are numbers, are taken from Hugging Face's note in the files ({@link HuggingFaceFeatures}); the
 * split is taken from the files' names, if they begin with one ({@code train-00000-of-00002.parquet}).
 */
public final class ParquetSource {
    private static final List<String> ENDINGS = List.of(".parquet");

    private ParquetSource() {}

    /**
     * Opens a file, or all such files of a folder.
     *
     * @throws NoSuchColumnException if a column isn't there
     * @throws DataException if there is no such file, or it is damaged
     */
    public static RecordSource open(SparkSession spark, Path input, TableColumns columns) {
        Configuration conf = spark.sparkContext().hadoopConfiguration();
        TableFiles files = TableFiles.find(conf, input, ENDINGS);
        Optional<List<String>> names = columns.label()
                .flatMap(label ->
                        HuggingFaceFeatures.labelNames(conf, files.paths().get(0), label));
        Dataset<Row> table = spark.read().parquet(files.names());
        return TableSource.ofFiles(
                spark, files.folder(), input, table, columns, names, Optional.of(col("_metadata.row_index")));
    }
}
