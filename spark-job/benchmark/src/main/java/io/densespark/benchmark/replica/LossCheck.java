package io.densespark.benchmark.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Whether all rows have trained the same network: their first two losses are equal, up to rounding. */
final class LossCheck {
    private static final double TOLERANCE = 1e-4;

    private LossCheck() {}

    /** One line for each step whose losses differ, with every row's loss; none if all is well. */
    static List<String> differences(List<ReplicaRow> rows) {
        List<String> lines = new ArrayList<>();
        check(1, rows, ReplicaRow::lossStep1, lines);
        check(2, rows, ReplicaRow::lossStep2, lines);
        return lines;
    }

    private static void check(int step, List<ReplicaRow> rows, ToDoubleFunction<ReplicaRow> loss, List<String> lines) {
        double least = rows.stream().mapToDouble(loss).min().orElseThrow();
        double most = rows.stream().mapToDouble(loss).max().orElseThrow();
        // Written so that a loss that isn't finite fails as well.
        if (!(most - least <= TOLERANCE)) {
            List<String> each = rows.stream()
                    .map(row -> String.format(Locale.ROOT, "%s %.6f", row.name(), loss.applyAsDouble(row)))
                    .toList();
            lines.add("the losses of step " + step + " differ by more than " + TOLERANCE + ": "
                    + String.join(", ", each));
        }
    }
}
