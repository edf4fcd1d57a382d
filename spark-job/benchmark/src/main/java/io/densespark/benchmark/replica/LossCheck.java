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

    /** One line for each step whose losses differ, with every row's loss; none if all is well. */
    static List<String> differences(List<ReplicaRow> rows, Precision precision) {
        double tolerance =
                switch (precision) {
                    case FP32 -> TOLERANCE;
                    case TF32 -> TOLERANCE_OF_TF32;
                    case BF16 -> TOLERANCE_OF_BF16;
                };
        List<String> lines = new ArrayList<>();
        check(1, rows, ReplicaRow::lossStep1, tolerance, lines);
        check(2, rows, ReplicaRow::lossStep2, tolerance, lines);
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
