package io.densespark.benchmark.step;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The rows as a table for people. Ratios are to the fastest layout of plain PyTorch, or to naive where it didn't run. */
final class ResultTable {
    private ResultTable() {}

    static String of(List<BenchmarkRow> rows) {
        BenchmarkRow baseline = baseline(rows);
        StringBuilder table = new StringBuilder();
        table.append(String.format(
                Locale.ROOT,
                "%-19s %-14s %-12s %7s %9s %9s %11s %12s %8s %10s%n",
                "implementation",
                "layout",
                "level",
                "threads",
                "s/step",
                "images/s",
                "planned MB",
                "measured MB",
                "x time",
                "x memory"));
        for (BenchmarkRow row : rows) {
            table.append(String.format(
                    Locale.ROOT,
                    "%-19s %-14s %-12s %7d %9.4f %9.1f %11s %12.1f %8.2f %10.2f%n",
                    row.implementation(),
                    row.layout(),
                    row.level() == null ? "" : row.level(),
                    row.threads(),
                    row.medianStepSeconds(),
                    row.imagesPerSecond(),
                    row.plannedPeakBytes() == null
                            ? ""
                            : String.format(Locale.ROOT, "%.1f", row.plannedPeakBytes() / 1e6),
                    row.measuredPeakBytes() / 1e6,
                    row.medianStepSeconds() / baseline.medianStepSeconds(),
                    (double) row.measuredPeakBytes() / baseline.measuredPeakBytes()));
        }
        table.append(String.format(
                Locale.ROOT,
                "%,d parameters; losses %.5f and %.5f; MB are 10^6 bytes; ratios are to %s%n",
                rows.get(0).parameters(),
                rows.get(0).lossStep1(),
                rows.get(0).lossStep2(),
                baseline.name()));
        return table.toString();
    }

    private static BenchmarkRow baseline(List<BenchmarkRow> rows) {
        return rows.stream()
                .filter(row -> row.implementation().equals(Implementation.PYTORCH.toString()))
                .min(Comparator.comparingDouble(BenchmarkRow::medianStepSeconds))
                .or(() -> rows.stream()
                        .filter(row -> row.implementation().equals(Implementation.NAIVE.toString()))
                        .findFirst())
                .orElseThrow();
    }
}
