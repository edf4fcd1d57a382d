package io.densespark.spark.train;

import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.replica.BatchResult;
import io.densespark.spark.metrics.EpochRow;
import io.densespark.spark.tensorboard.EventFile;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The figures of every step and epoch, as TensorBoard's event files.
 *
 * <p>A step costs a few stores. Only each {@value #CAPACITY} steps, and at the end of an epoch, the ranks add their figures
 * up in one small all-reduce and rank 0 writes a file, before the checkpoint of the epoch: whatever a run goes on from is in
 * its event files. Heartbeats would lose steps. A file's name says which steps are in it, so an attempt that trains an epoch
 * once more replaces the files of the one before it, and each step is there once. Files that are written at once also suit
 * object stores, which can't append.
 *
 * <p>All ranks make the same calls. Not thread-safe.
 */
final class StepJournal {
    static final int CAPACITY = 1000;

    // Columns of what the ranks add up.
    private static final int LOSS_SUM = 0;
    private static final int CORRECT = 1;
    private static final int EXAMPLES = 2;
    private static final int SECONDS = 3;
    private static final int ALL_REDUCE_SECONDS = 4;
    private static final int DATA_WAIT_SECONDS = 5;
    private static final int COLUMNS = 6;

    private final ProcessGroup group;
    private final Path folder;
    private final Configuration conf;
    private final BackgroundWriter writer;
    private final double[][] rows = new double[CAPACITY][COLUMNS];
    private final long[] millis = new long[CAPACITY];
    private int count;
    private int epoch;
    private int part;
    private boolean hasWritten;
    private long stepsBefore;
    private double rate;
    private long nanos;
    private long allReduceNanos;
    private long dataWaitNanos;

    /**
     * @param folder for the event files; only rank 0 writes
     * @param writer writes them; the caller's
     */
    StepJournal(ProcessGroup group, Path folder, Configuration conf, BackgroundWriter writer) {
        this.group = group;
        this.folder = folder;
        this.conf = conf;
        this.writer = writer;
    }

    /**
     * Begins an epoch, or goes on with one. Files of steps that an earlier attempt took after these are removed when the first of this
     * one's is written.
     *
     * @param newEpoch counted from 1
     * @param steps of the run before this one
     * @param parts files of this epoch's steps so far
     * @param learningRate in this epoch
     * @param totals of the epoch so far
     */
    void begin(int newEpoch, long steps, int parts, double learningRate, EpochTotals totals) {
        epoch = newEpoch;
        part = parts;
        hasWritten = false;
        stepsBefore = steps;
        rate = learningRate;
        nanos = totals.nanos;
        allReduceNanos = totals.allReduceNanos;
        dataWaitNanos = totals.dataWaitNanos;
    }

    private static void removeFrom(int part, IntFunction<Path> ofPart, Configuration conf) throws IOException {
        FileSystem files = ofPart.apply(part).getFileSystem(conf);
        int later = part;
        while (files.delete(ofPart.apply(later), false)) {
            later++;
        }
    }

    /** How many files of this epoch's steps there are. */
    int parts() {
        return part;
    }

    /**
     * Takes down one step.
     *
     * @param result of this rank's images in it
     * @param totals of the epoch, this step included
     */
    void add(BatchResult result, EpochTotals totals) throws IOException {
        double[] row = rows[count];
        row[LOSS_SUM] = result.lossSum();
        row[CORRECT] = result.correct();
        row[EXAMPLES] = result.examples();
        row[SECONDS] = (totals.nanos - nanos) / 1e9;
        row[ALL_REDUCE_SECONDS] = (totals.allReduceNanos - allReduceNanos) / 1e9;
        row[DATA_WAIT_SECONDS] = (totals.dataWaitNanos - dataWaitNanos) / 1e9;
        millis[count] = System.currentTimeMillis();
        nanos = totals.nanos;
        allReduceNanos = totals.allReduceNanos;
        dataWaitNanos = totals.dataWaitNanos;
        count++;
        if (count == CAPACITY) {
            flush();
        }
    }

    /** Writes the epoch's figures, and those of its steps that are not written yet. */
    void end(EpochRow row) throws IOException {
        EventFile file = steps();
        if (group.rank() == 0) {
            file.add(System.currentTimeMillis(), row.epoch(), scalars(row));
            write(file);
        }
    }

    /** Writes the steps that are not written yet: a run that ends by a bad loss shows how it came to it. */
    void flush() throws IOException {
        if (count > 0) {
            EventFile file = steps();
            if (group.rank() == 0) {
                write(file);
            }
        }
    }

    /** The steps that are not written yet, over all ranks; they count as written then. */
    private EventFile steps() {
        double[] own = new double[count * COLUMNS];
        for (int i = 0; i < count; i++) {
            System.arraycopy(rows[i], 0, own, i * COLUMNS, COLUMNS);
        }
        double[] sums = count == 0 ? own : group.sum(own);
        EventFile file = new EventFile(count == 0 ? System.currentTimeMillis() : millis[0]);
        for (int i = 0; i < count; i++) {
            file.add(millis[i], stepsBefore + i + 1, scalars(sums, i * COLUMNS));
        }
        stepsBefore += count;
        count = 0;
        return file;
    }

    private void write(EventFile events) throws IOException {
        int own = part;
        int ofEpoch = epoch;
        boolean isFirst = !hasWritten;
        writer.submitOptional("figures for TensorBoard", () -> {
            if (isFirst) {
                removeFrom(own, number -> file(ofEpoch, number), conf);
            }
            events.write(file(ofEpoch, own), conf);
        });
        part++;
        hasWritten = true;
    }

    private Path file(int ofEpoch, int number) {
        return new Path(
                folder, String.format(Locale.ROOT, "%sepoch-%04d.part-%03d", EventFile.NAME_PREFIX, ofEpoch, number));
    }

    private Map<String, Double> scalars(double[] sums, int at) {
        double seconds = sums[at + SECONDS];
        Map<String, Double> scalars = new LinkedHashMap<>();
        scalars.put("step/loss", sums[at + LOSS_SUM] / sums[at + EXAMPLES]);
        scalars.put("step/error", 1 - sums[at + CORRECT] / sums[at + EXAMPLES]);
        scalars.put("step/images_per_second", sums[at + EXAMPLES] * group.worldSize() / seconds);
        scalars.put("step/all_reduce_share", sums[at + ALL_REDUCE_SECONDS] / seconds);
        scalars.put("step/data_wait_share", sums[at + DATA_WAIT_SECONDS] / seconds);
        scalars.put("step/learning_rate", rate);
        return scalars;
    }

    private static Map<String, Double> scalars(EpochRow row) {
        Map<String, Double> scalars = new LinkedHashMap<>();
        scalars.put("epoch/train_loss", row.trainLoss());
        scalars.put("epoch/train_error", row.trainError());
        if (!Double.isNaN(row.validError())) {
            scalars.put("epoch/valid_loss", row.validLoss());
            scalars.put("epoch/valid_error", row.validError());
        }
        scalars.put("epoch/seconds", row.seconds());
        scalars.put("epoch/images_per_second", row.imagesPerSecond());
        scalars.put("epoch/all_reduce_share", row.allReduceSeconds() / row.trainSeconds());
        scalars.put("epoch/data_wait_share", row.dataWaitSeconds() / row.trainSeconds());
        scalars.put("epoch/peak_bytes", (double) row.peakBytes());
        scalars.put("epoch/slowest_rank", (double) row.slowestRank());
        scalars.put("epoch/slowdown", row.slowdown());
        return scalars;
    }
}
