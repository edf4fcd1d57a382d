package io.densespark.spark.train;

import io.densespark.spark.checkpoint.CheckpointStore;
import io.densespark.spark.checkpoint.CheckpointStore.Complete;
import io.densespark.spark.metrics.EpochRow;
import io.densespark.spark.metrics.Progress;
import io.densespark.spark.metrics.ProgressPrinter;
import io.densespark.spark.metrics.ResultsCsv;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What the driver does whenever ranks report: shows it, and after each epoch rewrites {@code results.csv} and removes
 * checkpoints that nobody needs any more (all but the best and the newest two).
 */
final class EpochKeeper {
    private static final int NEWEST_TO_KEEP = 2;

    private final List<EpochRow> before;
    private final CheckpointStore checkpoints;
    private final Configuration conf;
    private final Path results;
    private final ProgressPrinter printer;
    private int seen;

    /** @param before the epochs before this attempt */
    EpochKeeper(
            List<EpochRow> before,
            CheckpointStore checkpoints,
            Configuration conf,
            Path results,
            ProgressPrinter printer) {
        this.before = before;
        this.checkpoints = checkpoints;
        this.conf = conf;
        this.results = results;
        this.printer = printer;
    }

    synchronized void show(Progress progress) {
        printer.show(progress);
        if (progress.finished().size() > seen) {
            seen = progress.finished().size();
            List<EpochRow> rows = new ArrayList<>(before);
            rows.addAll(progress.finished());
            try {
                ResultsCsv.write(results, conf, rows, OptionalDouble.empty());
                removeOld();
            } catch (IOException e) {
                // The run is worth more than its table, which is written once more at the end.
                printer.line("can't tidy up after epoch " + rows.size() + ": " + e.getMessage());
            }
        }
    }

    private void removeOld() throws IOException {
        Optional<Complete> newest = checkpoints.newest();
        if (newest.isPresent()) {
            int epochs = newest.get().manifest().epochs();
            checkpoints.removeBefore(
                    epochs - NEWEST_TO_KEEP + 1, newest.get().manifest().bestFolder());
        }
    }
}
