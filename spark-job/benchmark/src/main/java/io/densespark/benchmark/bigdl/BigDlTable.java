package io.densespark.benchmark.bigdl;

import io.densespark.benchmark.report.Numbers;
import io.densespark.benchmark.report.TextTable;
import io.densespark.benchmark.step.BlockTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The rows as tables for people: what each took, and the losses step by step. */
final class BigDlTable {
    private BigDlTable() {}

    /** @param rows DenseSpark's, then BigDL's if it ran */
    static String of(List<BigDlRow> rows) {
        BigDlRow baseline = rows.get(rows.size() - 1);
        TextTable table = new TextTable()
                .words("implementation")
                .numbers("cores", "s/step", "from", "to", "images/s", "peak MB", "x time", "x memory");
        rows.forEach(row -> table.row(
                row.implementation(),
                row.cores(),
                Numbers.fixed(4, row.medianStepSeconds()),
                Numbers.fixed(4, row.fastestStepSeconds()),
                Numbers.fixed(4, row.slowestStepSeconds()),
                Numbers.fixed(1, row.imagesPerSecond()),
                Numbers.megabytes(row.peakResidentBytes()),
                Numbers.fixed(2, row.medianStepSeconds() / baseline.medianStepSeconds()),
                Numbers.fixed(2, (double) row.peakResidentBytes() / baseline.peakResidentBytes())));
        return table
                + String.format(
                        Locale.ROOT,
                        "%,d parameters; MB are 10^6 bytes of the whole process; ratios are to %s%n",
                        baseline.parameters(),
                        baseline.implementation())
                + BlockTimes.unsettled(rows.stream()
                        .filter(row -> !row.settled())
                        .map(BigDlRow::implementation)
                        .toList())
                + losses(rows);
    }

    private static TextTable losses(List<BigDlRow> rows) {
        TextTable table = new TextTable()
                .words("loss of step")
                .numbers(rows.stream().map(BigDlRow::implementation).toArray(String[]::new));
        for (int step = 0; step < rows.get(0).losses().size(); step++) {
            List<Object> cells = new ArrayList<>(List.of(step + 1));
            for (BigDlRow row : rows) {
                cells.add(Numbers.fixed(5, row.losses().get(step)));
            }
            table.row(cells.toArray());
        }
        return table;
    }
}
