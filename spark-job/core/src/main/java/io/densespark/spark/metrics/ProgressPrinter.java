package io.densespark.spark.metrics;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Shows a run to people: one line an epoch, and where it stands: on a terminal as a live line below them, elsewhere (a log)
 * as a line at first and then each {@value #SECONDS_BETWEEN_LINES} seconds. Thread-safe. Writes nothing twice when the same
 * progress is shown again.
 */
public final class ProgressPrinter {
    private static final String CLEAR_LINE = "\r\u001b[K";
    private static final int SECONDS_BETWEEN_LINES = 30;

    private final PrintStream out;
    private final boolean terminal;
    private final IntSupplier columns;
    private final int epochs;
    private final LongSupplier nanoTime;
    private int shown;
    private long lastLine;
    private boolean begun;

    /**
     * @param terminal whether {@code out} is one
     * @param epochs of the whole run
     * @param finished epochs that were finished before this process began
     */
    public ProgressPrinter(PrintStream out, boolean terminal, int epochs, int finished) {
        this(out, terminal, TerminalWidth::columns, epochs, finished, System::nanoTime);
    }

    ProgressPrinter(
            PrintStream out, boolean terminal, IntSupplier columns, int epochs, int finished, LongSupplier nanoTime) {
        this.out = out;
        this.terminal = terminal;
        this.columns = columns;
        this.epochs = epochs;
        this.shown = finished;
        this.nanoTime = nanoTime;
    }

    /** Shows where the run stands, and the epochs that it has finished since. */
    public synchronized void show(RunProgress progress) {
        finished(progress.finished());
        if (progress.latest().epoch() <= shown) {
            return;
        }
        if (terminal) {
            out.print(CLEAR_LINE + fitting(live(progress)));
            out.flush();
        } else if (!begun || nanoTime.getAsLong() - lastLine >= TimeUnit.SECONDS.toNanos(SECONDS_BETWEEN_LINES)) {
            line(live(progress));
            lastLine = nanoTime.getAsLong();
            begun = true;
        }
    }

    /** Shows finished epochs, those that are not yet shown. */
    public synchronized void finished(List<EpochRow> rows) {
        for (EpochRow row : rows) {
            if (row.epoch() > shown) {
                line(describe(row));
                shown = row.epoch();
            }
        }
    }

    /** A line of its own, above the live one. */
    public synchronized void line(String text) {
        out.println((terminal ? CLEAR_LINE : "") + text);
        out.flush();
    }

    private String describe(EpochRow row) {
        String validation = Double.isNaN(row.validError())
                ? ""
                : String.format(
                        Locale.ROOT, "  valid loss %.4f, error %.2f%%", row.validLoss(), 100 * row.validError());
        return String.format(
                Locale.ROOT,
                "epoch %d/%d  train loss %.4f, error %.2f%%%s  %.1f s, %.0f images/s",
                row.epoch(),
                epochs,
                row.trainLoss(),
                100 * row.trainError(),
                validation,
                row.seconds(),
                row.imagesPerSecond());
    }

    /** A line that the terminal would break could not be cleared again. The last column stays free for the cursor. */
    private String fitting(String text) {
        return text.substring(0, Math.min(text.length(), Math.max(0, columns.getAsInt() - 1)));
    }

    private static String live(RunProgress progress) {
        return String.format(
                Locale.ROOT,
                "epoch %s  step %s  loss %s  %s images/s  all-reduce %s  %s left",
                Figure.EPOCH.of(progress),
                Figure.STEP.of(progress),
                Figure.LOSS.of(progress),
                Figure.IMAGES_PER_SECOND.of(progress),
                Figure.ALL_REDUCE_SHARE.of(progress),
                Figure.TIME_LEFT.of(progress));
    }
}
