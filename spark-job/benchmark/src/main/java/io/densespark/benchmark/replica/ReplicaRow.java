package io.densespark.benchmark.replica;

import io.densespark.benchmark.step.Implementation;
import io.densespark.benchmark.step.Layout;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.tensor.Precision;
import org.jspecify.annotations.Nullable;

/**
 * What one implementation took, as the JSON file has it: the components' names are its keys.
 *
 * @param level what DenseSpark keeps; null for the others
 * @param precision in which products are computed
 * @param medianStepSeconds of the timed steps of each process, and the median of those
 * @param fastestStepSeconds the least such median of a process
 * @param slowestStepSeconds the largest
 * @param settled whether the steps before took as long in each process
 * @param plannedPeakBytes total of DenseSpark's memory plan; null for the others
 * @param measuredPeakBytes peak resident memory less what was resident after the toy network's steps
 * @param lossStep1 mean loss before the first step, warm-up included
 */
record ReplicaRow(
        Implementation implementation,
        Layout layout,
        @Nullable RecomputeLevel level,
        Precision precision,
        int threads,
        double medianStepSeconds,
        double fastestStepSeconds,
        double slowestStepSeconds,
        boolean settled,
        double imagesPerSecond,
        @Nullable Long plannedPeakBytes,
        long measuredPeakBytes,
        long parameters,
        double lossStep1,
        double lossStep2) {

    /** In words, as messages name it. */
    String name() {
        return Contender.name(implementation, layout, level, precision);
    }
}
