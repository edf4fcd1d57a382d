package io.densespark.benchmark.replica;

import io.densespark.model.tensor.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Whether all rows have trained the same network: their first two losses are equal, up to rounding. */
final class LossCheck {
    private static final double TOLERANCE = 1e-4;

    /** Where factors are rounded to 10 bits, by each library in its own algorithms. */
    private static final double TOLERANCE_OF_TF32 = 1e-2;

    /** Where maps are rounded to 8 bits. */
    private static final double TOLERANCE_OF_BF16 = 1e-1;

    private LossCheck() {}

    /**
     * One line for each step and precision whose losses differ, with every row's loss; none if all is well. Rows in another
     * precision than the first one's are compared with that one as well.
     */
    static List<String> differences(List<ReplicaRow> rows) {
        List<String> lines = new ArrayList<>();
        ReplicaRow first = rows.get(0);
        for (Precision precision :
                rows.stream().map(ReplicaRow::precision).distinct().toList()) {
            double tolerance =
                    switch (precision) {
                        case FP32 -> TOLERANCE;
                        case TF32 -> TOLERANCE_OF_TF32;
                        case BF16 -> TOLERANCE_OF_BF16;
                    };
            List<ReplicaRow> alike = rows.stream()
                    .filter(row -> row.equals(first) || row.precision() == precision)
                    .toList();
            check(1, alike, ReplicaRow::lossStep1, tolerance, lines);
            check(2, alike, ReplicaRow::lossStep2, tolerance, lines);
        }
        return lines;
    }

    private static void check(
            int step, List<ReplicaRow> rows, ToDoubleFunction<ReplicaRow> loss, double tolerance, List<String> lines) {
        double least = rows.stream().mapToDouble(loss).min().orElseThrow();
        double most = rows.stream().mapToDouble(loss).max().orElseThrow();
        // Written so that a loss that isn't finite fails as well.
        if (!(most - least <= tolerance)) {
            List<String> each = rows.stream()
                    .map(row -> String.format(Locale.ROOT, "%s %.6f", row.name(), loss.applyAsDouble(row)))
                    .toList();
            lines.add("the losses of step " + step + " differ by more than " + tolerance + ": "
                    + String.join(", ", each));
        }
    }
}
