package io.densespark.benchmark.replica;

import io.densespark.benchmark.report.Numbers;
import io.densespark.benchmark.report.TextTable;
import io.densespark.benchmark.step.BlockTimes;
import io.densespark.benchmark.step.Implementation;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The rows as a table for people. Ratios are to the fastest layout of plain PyTorch in the first row's precision, or to naive
 * where it didn't run, or to the first row.
 */
final class ReplicaTable {
    private ReplicaTable() {}

    static String of(List<ReplicaRow> rows) {
        ReplicaRow baseline = baseline(rows);
        TextTable table = new TextTable()
                .words("implementation", "layout", "level", "precision")
                .numbers(
                        "threads",
                        "s/step",
                        "from",
                        "to",
                        "images/s",
                        "planned MB",
                        "measured MB",
                        "x time",
                        "x memory");
        rows.forEach(row -> table.row(
                row.implementation(),
                row.layout(),
                row.level() == null ? "" : row.level(),
                row.precision(),
                row.threads(),
                Numbers.fixed(4, row.medianStepSeconds()),
                Numbers.fixed(4, row.fastestStepSeconds()),
                Numbers.fixed(4, row.slowestStepSeconds()),
                Numbers.fixed(1, row.imagesPerSecond()),
                row.plannedPeakBytes() == null ? "" : Numbers.megabytes(row.plannedPeakBytes()),
                Numbers.megabytes(row.measuredPeakBytes()),
                Numbers.fixed(2, row.medianStepSeconds() / baseline.medianStepSeconds()),
                Numbers.fixed(2, (double) row.measuredPeakBytes() / baseline.measuredPeakBytes())));
        return table
                + String.format(
                        Locale.ROOT,
                        "%,d parameters; losses %.5f and %.5f; MB are 10^6 bytes; ratios are to %s%n",
                        rows.get(0).parameters(),
                        rows.get(0).lossStep1(),
                        rows.get(0).lossStep2(),
                        baseline.name())
                + BlockTimes.unsettled(rows.stream()
                        .filter(row -> !row.settled())
                        .map(ReplicaRow::name)
                        .toList());
    }

    private static ReplicaRow baseline(List<ReplicaRow> rows) {
        return rows.stream()
                .filter(row -> row.implementation() == Implementation.PYTORCH
                        && row.precision() == rows.get(0).precision())
                .min(Comparator.comparingDouble(ReplicaRow::medianStepSeconds))
                .or(() -> rows.stream()
                        .filter(row -> row.implementation() == Implementation.NAIVE)
                        .findFirst())
                .orElse(rows.get(0));
    }
}
