package io.densespark.spark.store;

import io.densespark.data.files.StagedFile;
import io.densespark.data.files.StagedFile.Content;
import io.densespark.spark.metrics.EpochRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The file {@code results.csv} of a run: comma-separated, UTF-8, lines that end with a line feed, a header, a row for each
 * epoch, the last row with the test error alone once the run is over. A value that there is none of is empty. The first six
 * columns are those that the paper's PyTorch demo writes.
 *
 * <pre>
 * epoch                counted from 1, three digits or more
 * train_loss           mean cross-entropy of the training images, in training mode
 * train_error          share of training images whose class was wrong, 0 to 1
 * valid_loss           mean cross-entropy of the validation images, in evaluation mode
 * valid_error          share of validation images whose class was wrong, 0 to 1
 * test_error           share of test images that the best epoch's model gets wrong, 0 to 1
 * seconds              the whole epoch, validation included
 * images_per_second    training images of all replicas by the seconds of the training steps
 * all_reduce_seconds   in all-reduces of the gradient, mean over the replicas
 * data_wait_seconds    waiting for batches, mean over the replicas
 * peak_bytes           peak memory of the largest replica so far
 * slowest_rank         for which the others waited
 * slowdown             its own time in the steps by the median of the other ranks'
 * </pre>
 */
public final class ResultsCsv {
    private static final String HEADER = "epoch,train_loss,train_error,valid_loss,valid_error,test_error,"
            + "seconds,images_per_second,all_reduce_seconds,data_wait_seconds,peak_bytes,slowest_rank,slowdown\n";

    private ResultsCsv() {}

    /** Replaces the file. Only the driver writes it. */
    public static void write(Path file, Configuration conf, List<EpochRow> rows, OptionalDouble testError)
            throws IOException {
        StagedFile.write(file, conf, Content.of(format(rows, testError).getBytes(StandardCharsets.UTF_8)));
    }

    static String format(List<EpochRow> rows, OptionalDouble testError) {
        StringBuilder csv = new StringBuilder(HEADER);
        for (EpochRow row : rows) {
            csv.append(String.format(
                    Locale.ROOT,
                    "%03d,%.6f,%.6f,%s,%s,,%.3f,%.1f,%.3f,%.3f,%d,%d,%.3f\n",
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
        testError.ifPresent(error -> csv.append(String.format(Locale.ROOT, ",,,,,%.5f,,,,,,,\n", error)));
        return csv.toString();
    }

    private static String optional(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.5f", value);
    }
}
