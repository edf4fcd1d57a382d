package io.densespark.benchmark.step;

import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Precision;
import org.jspecify.annotations.Nullable;

/**
 * What a process is told to run, as a JSON file that Java and Python read.
 *
 * @param level what DenseSpark keeps; null for the others
 * @param device where the network is; of GPUs, the first
 * @param precision in which products are computed
 * @param threads workers, or threads of the library
 * @param profile whether to measure each kernel; only DenseSpark does
 * @param natives folder in which the library may be unpacked
 * @param learningRate of the optimizer, as are the next two
 * @param toy a tiny network, stepped first: it loads the library and wakes JIT and heap
 * @param problem the network that is measured
 */
public record StepTask(
        Implementation implementation,
        Layout layout,
        @Nullable RecomputeLevel level,
        Device.Kind device,
        Precision precision,
        int threads,
        boolean profile,
        String natives,
        double learningRate,
        double momentum,
        double weightDecay,
        Problem toy,
        Problem problem) {}
