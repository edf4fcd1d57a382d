package io.densespark.benchmark.bigdl;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether both have trained the same network, by their losses. On one core only: on several, each of BigDL's takes batch
 * statistics of its own part of the batch, as DenseSpark's replicas do but not its workers.
 */
final class BigDlAgreement {
    /** Relative to the loss; nothing but rounding lies before the first step. */
    static final double FIRST = 1e-4;

    /** Each step amplifies rounding; without Nesterov's momentum, say, they would differ by more. */
    static final double LATER = 2e-3;

    private BigDlAgreement() {}

    /** One line for each step whose losses differ; none if all is well. */
    static List<String> differences(BigDlRow ours, BigDlRow theirs) {
        List<String> lines = new ArrayList<>();
        for (int step = 0; step < ours.losses().size(); step++) {
            double tolerance = step == 0 ? FIRST : LATER;
            double a = ours.losses().get(step);
            double b = theirs.losses().get(step);
            // Written so that a loss that isn't finite fails as well.
            if (!(Math.abs(a - b) <= tolerance * Math.abs(b))) {
                lines.add(String.format(
                        Locale.ROOT,
                        "the losses of step %d differ by more than %s of them: %s %.5f, %s %.5f",
                        step + 1,
                        tolerance,
                        ours.implementation(),
                        a,
                        theirs.implementation(),
                        b));
            }
        }
        return lines;
    }
}
