package io.densespark.spark.predict;

import io.densespark.spark.JobException;
import io.densespark.spark.store.SparkOutput;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Row;

/**
 * Where a command writes its predictions.
 *
 * @param place a folder
 * @param topK how many of the most probable classes are told of an image
 */
public record PredictOutput(SparkOutput place, Format format, int topK) {
    /** The formats. The names are what users type. */
    public enum Format {
        parquet,
        csv
    }

    /** @throws JobException if {@code topK} is below 1 */
    public PredictOutput {
        if (topK < 1) {
            throw new JobException("setting top-k is " + topK + ": give --top-k 1 or more");
        }
    }

    /** Runs the job, and writes what it gives. */
    void write(DataFrameWriter<Row> writer) {
        // What may be replaced has been decided.
        DataFrameWriter<Row> replacing = writer.mode("overwrite");
        String folder = place.path().toString();
        switch (format) {
            case parquet -> replacing.parquet(folder);
            case csv ->
                replacing.option("header", "true").option("escape", "\"").csv(folder);
        }
    }
}
