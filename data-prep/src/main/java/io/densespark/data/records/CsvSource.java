package io.densespark.data.records;

import io.densespark.data.DataException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Comma-separated files with a header, one row an image; tabs where the file's name ends in {@code .tsv}. */
public final class CsvSource {
    private static final List<String> ENDINGS = List.of(".csv", ".csv.gz", ".tsv", ".tsv.gz");

    private CsvSource() {}

    /**
     * Opens a file, or all such files of a folder.
     *
     * @throws NoSuchColumnException if a column isn't there
     * @throws DataException if there is no such file
     */
    public static RecordSource open(SparkSession spark, Path input, TableColumns columns) {
        Configuration conf = spark.sparkContext().hadoopConfiguration();
        TableFiles files = TableFiles.find(conf, input, ENDINGS);
        boolean hasTabs = files.paths().get(0).getName().contains(".tsv");
        Dataset<Row> table = spark.read()
                .option("header", true)
                .option("sep", hasTabs ? "\t" : ",")
                // As in RFC 4180: a quote within quotes is written twice.
                .option("escape", "\"")
                // Each file's own header counts.
                .option("enforceSchema", false)
                .csv(files.names());
        return TableSource.ofFiles(spark, files.folder(), input, table, columns, Optional.empty(), Optional.empty());
    }
}
