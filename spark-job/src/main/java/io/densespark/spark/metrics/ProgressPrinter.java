package io.densespark.spark.metrics;

import java.io.PrintStream;
import java.util.Locale;

/**
 * Shows a run to people: one line an epoch, and on a terminal a live line below them. Thread-safe. Also writes nothing
 * twice when the same progress is shown again.
 */
public final class ProgressPrinter {
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintStream out;
    private final boolean terminal;
    private final int epochs;
    private int shown;

    /**
     * @param terminal whether {@code out} is one
     * @param epochs of the whole run
     * @param finished epochs that were finished before this process began
     */
    public ProgressPrinter(PrintStream out, boolean terminal, int epochs, int finished) {
        this.out = out;
        this.terminal = terminal;
        this.epochs = epochs;
        this.shown = finished;
    }

    public synchronized void show(Progress progress) {
        for (EpochRow row : progress.finished()) {
            if (row.epoch() > shown) {
                line(describe(row));
                shown = row.epoch();
            }
        }
        if (terminal && progress.epoch() > shown) {
            out.print(CLEAR_LINE + live(progress));
            out.flush();
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

    private String live(Progress progress) {
        return String.format(
                Locale.ROOT,
                "epoch %d/%d  step %d/%d  loss %.4f  %.0f images/s  %s left",
                progress.epoch(),
                epochs,
                progress.step(),
                progress.steps(),
                progress.loss(),
                progress.imagesPerSecond(),
                left(progress));
    }

    private String left(Progress progress) {
        if (progress.finished().isEmpty()) {
            return "?";
        }
        double epochSeconds = progress.finished().stream()
                .mapToDouble(EpochRow::seconds)
                .average()
                .orElse(0);
        double epochsLeft = epochs - progress.epoch() + 1 - (double) progress.step() / progress.steps();
        long seconds = Math.round(epochsLeft * epochSeconds);
        return seconds >= 3600
                ? String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds / 60 % 60)
                : String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
    }
}
