package io.densespark.spark.store;

import io.densespark.spark.metrics.EpochRow;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The file {@code results.csv} of a run: a row for each epoch, the last row with the test error alone. The first six
 * columns are those that the paper's PyTorch demo writes.
 */
public final class ResultsCsv {
    private static final String HEADER = "epoch,train_loss,train_error,valid_loss,valid_error,test_error,"
            + "seconds,images_per_second,all_reduce_seconds,data_wait_seconds,peak_bytes,slowest_rank,slowdown\n";

    private ResultsCsv() {}

    /** Replaces the file. Only the driver writes it. */
    public static void write(Path file, Configuration conf, List<EpochRow> rows, OptionalDouble testError)
            throws IOException {
        FileSystem files = file.getFileSystem(conf);
        try (OutputStream out = files.create(file, true)) {
            out.write(format(rows, testError).getBytes(StandardCharsets.UTF_8));
        }
    }

    static String format(List<EpochRow> rows, OptionalDouble testError) {
        StringBuilder csv = new StringBuilder(HEADER);
        for (EpochRow row : rows) {
            csv.append(String.format(
                    Locale.ROOT,
                    "%03d,%.6f,%.6f,%s,%s,,%.3f,%.1f,%.3f,%.3f,%d,%d,%.3f%n",
                    row.epoch(),
                    row.trainLoss(),
                    row.trainError(),
                    optional(row.validLoss()),
                    optional(row.validError()),
                    row.seconds(),
                    row.imagesPerSecond(),
                    row.allReduceSeconds(),
                    row.dataWaitSeconds(),
                    row.peakBytes(),
                    row.slowestRank(),
                    row.slowdown()));
        }
        testError.ifPresent(error -> csv.append(String.format(Locale.ROOT, ",,,,,%.5f,,,,,,,%n", error)));
        return csv.toString();
    }

    private static String optional(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.5f", value);
    }
}
