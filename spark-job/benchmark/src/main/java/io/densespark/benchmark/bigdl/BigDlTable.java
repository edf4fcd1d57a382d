package io.densespark.benchmark.bigdl;

import java.util.List;
import java.util.Locale;

/** The rows as tables for people: what each took, and the losses step by step. */
final class BigDlTable {
    private BigDlTable() {}

    /** @param rows DenseSpark's, then BigDL's if it ran */
    static String of(List<BigDlRow> rows) {
        StringBuilder table = new StringBuilder();
        table.append(String.format(
                Locale.ROOT,
                "%-14s %5s %9s %9s %8s %8s %9s%n",
                "implementation",
                "cores",
                "s/step",
                "images/s",
                "peak MB",
                "x time",
                "x memory"));
        BigDlRow baseline = rows.get(rows.size() - 1);
        for (BigDlRow row : rows) {
            table.append(String.format(
                    Locale.ROOT,
                    "%-14s %5d %9.4f %9.1f %8.1f %8.2f %9.2f%n",
                    row.implementation(),
                    row.cores(),
                    row.medianStepSeconds(),
                    row.imagesPerSecond(),
                    row.peakResidentBytes() / 1e6,
                    row.medianStepSeconds() / baseline.medianStepSeconds(),
                    (double) row.peakResidentBytes() / baseline.peakResidentBytes()));
        }
        table.append(String.format(
                Locale.ROOT,
                "%,d parameters; MB are 10^6 bytes of the whole process; ratios are to %s%n",
                baseline.parameters(),
                baseline.implementation()));
        losses(rows, table);
        return table.toString();
    }

    private static void losses(List<BigDlRow> rows, StringBuilder table) {
        table.append(String.format(Locale.ROOT, "%-14s", "loss of step"));
        rows.forEach(row -> table.append(String.format(Locale.ROOT, " %12s", row.implementation())));
        table.append(System.lineSeparator());
        for (int step = 0; step < rows.get(0).losses().size(); step++) {
            table.append(String.format(Locale.ROOT, "%-14d", step + 1));
            for (BigDlRow row : rows) {
                table.append(String.format(Locale.ROOT, " %12.5f", row.losses().get(step)));
            }
            table.append(System.lineSeparator());
        }
    }
}
