package io.densespark.spark.train;

import io.densespark.spark.JobException;
import io.densespark.spark.metrics.EpochRow;
import io.densespark.spark.metrics.ProgressPrinter;
import io.densespark.spark.metrics.RunProgress;
import io.densespark.spark.metrics.StragglerWatch;
import io.densespark.spark.store.CheckpointStore;
import io.densespark.spark.store.ResultsCsv;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What the driver does whenever ranks report: shows it, names stragglers, and after each epoch rewrites {@code results.csv} and removes
 * checkpoints that nobody needs any more. If the best epoch's checkpoint is gone, it says so after each epoch: it may be put
 * back until the run ends.
 */
final class EpochKeeper {
    private final List<EpochRow> before;
    private final CheckpointStore checkpoints;
    private final Configuration conf;
    private final Path results;
    private final ProgressPrinter printer;
    private final StragglerWatch stragglers;
    private final int kept;
    private int seen;

    /**
     * @param before the epochs before this attempt
     * @param kept checkpoints that stay
     */
    EpochKeeper(
            List<EpochRow> before,
            CheckpointStore checkpoints,
            Configuration conf,
            Path results,
            ProgressPrinter printer,
            StragglerWatch stragglers,
            int kept) {
        this.before = before;
        this.checkpoints = checkpoints;
        this.conf = conf;
        this.results = results;
        this.printer = printer;
        this.stragglers = stragglers;
        this.kept = kept;
    }

    synchronized void show(RunProgress progress) {
        stragglers.see(progress).forEach(printer::line);
        printer.show(progress);
        keep(progress.finished());
    }

    /** @param finished all epochs of this attempt so far */
    synchronized void finished(List<EpochRow> finished) {
        printer.finished(finished);
        keep(finished);
    }

    private void keep(List<EpochRow> finished) {
        if (finished.size() > seen) {
            seen = finished.size();
            List<EpochRow> rows = new ArrayList<>(before);
            rows.addAll(finished);
            try {
                ResultsCsv.write(results, conf, rows, OptionalDouble.empty());
                checkpoints.removeOld(kept);
            } catch (IOException | JobException e) {
                // The run is worth more than its table, which is written once more at the end.
                printer.line("can't tidy up after epoch " + rows.size() + ": " + e.getMessage());
            }
        }
    }
}
