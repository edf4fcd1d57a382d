package io.densespark.data.records;

import io.densespark.data.DataException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Files of JSON objects, one on each line, for one image each. */
public final class JsonlSource {
    private static final List<String> ENDINGS = List.of(".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz", ".json");

    private JsonlSource() {}

    /**
     * Opens a file, or all such files of a folder.
     *
     * @throws NoSuchColumnException if a field is in none of the objects
     * @throws DataException if there is no such file
     */
    public static RecordSource open(SparkSession spark, Path input, TableColumns columns) {
        Configuration conf = spark.sparkContext().hadoopConfiguration();
        TableFiles files = TableFiles.find(conf, input, ENDINGS);
        Dataset<Row> table = spark.read()
                // Labels such as 007 are names; numbers keep the digits that they are written with.
                .option("primitivesAsString", true)
                .json(files.names());
        return TableSource.ofFiles(spark, files.folder(), input, table, columns, Optional.empty(), Optional.empty());
    }
}
