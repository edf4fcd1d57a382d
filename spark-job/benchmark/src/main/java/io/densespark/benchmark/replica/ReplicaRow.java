package io.densespark.benchmark.replica;

import io.densespark.benchmark.step.Implementation;
import io.densespark.benchmark.step.Layout;
import io.densespark.model.plan.RecomputeLevel;
import org.jspecify.annotations.Nullable;

/**
 * What one implementation took, as the JSON file has it: the components' names are its keys.
 *
 * @param level what DenseSpark keeps; null for the others
 * @param medianStepSeconds of the timed steps
 * @param plannedPeakBytes total of DenseSpark's memory plan; null for the others
 * @param measuredPeakBytes peak resident memory less what was resident after the toy network's steps
 * @param lossStep1 mean loss before the first step, warm-up included
 */
record ReplicaRow(
        Implementation implementation,
        Layout layout,
        @Nullable RecomputeLevel level,
        int threads,
        double medianStepSeconds,
        double imagesPerSecond,
        @Nullable Long plannedPeakBytes,
        long measuredPeakBytes,
        long parameters,
        double lossStep1,
        double lossStep2) {

    /** In words, as messages name it. */
    String name() {
        return Contender.name(implementation, layout, level);
    }
}
