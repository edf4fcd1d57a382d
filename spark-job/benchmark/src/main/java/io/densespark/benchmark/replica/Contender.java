package io.densespark.benchmark.replica;

import io.densespark.benchmark.step.Implementation;
import io.densespark.benchmark.step.Layout;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One row of the benchmark: an implementation as it is run.
 *
 * @param level what DenseSpark keeps; empty for the others
 */
record Contender(Implementation implementation, Layout layout, Optional<RecomputeLevel> level, Precision precision) {

    /**
     * All rows, in the order of the table: DenseSpark's levels, then the baselines, of which a GPU has fewer.
     *
     * @param withPython whether PyTorch is there
     * @param hasBfloat whether the CPU multiplies bfloat16, as users then do
     */
    static List<Contender> of(ReplicaBenchmarkSettings settings, boolean withPython, boolean hasBfloat) {
        boolean isOnCpu = settings.device().kind() == Device.Kind.CPU;
        Precision precision = isOnCpu ? Precision.FP32 : settings.precision();
        boolean isRounded = isOnCpu && (hasBfloat || settings.precision() == Precision.BF16);
        List<Precision> precisions = isRounded ? List.of(precision, Precision.BF16) : List.of(precision);
        List<Contender> all = new ArrayList<>();
        for (Precision each : precisions) {
            settings.levels()
                    .forEach(level -> all.add(
                            new Contender(Implementation.DENSESPARK, Layout.CHANNELS_LAST, Optional.of(level), each)));
        }
        if (isOnCpu) {
            all.add(other(Implementation.NAIVE, Layout.NCHW, precision));
        }
        if (withPython) {
            if (isOnCpu) {
                all.add(other(Implementation.PYTORCH, Layout.NCHW, precision));
            }
            for (Precision each : precisions) {
                all.add(other(Implementation.PYTORCH, Layout.CHANNELS_LAST, each));
                if (settings.compile()) {
                    all.add(other(Implementation.PYTORCH_COMPILE, Layout.CHANNELS_LAST, each));
                }
            }
            all.add(other(Implementation.PYTORCH_CHECKPOINT, Layout.CHANNELS_LAST, precision));
        }
        return all;
    }

    private static Contender other(Implementation implementation, Layout layout, Precision precision) {
        return new Contender(implementation, layout, Optional.empty(), precision);
    }

    /** In words, as messages name it. */
    @Override
    public String toString() {
        return name(implementation, layout, level.orElse(null), precision);
    }

    /**
     * An implementation in words.
     *
     * @param level null if it has none
     */
    static String name(
            Implementation implementation, Layout layout, @Nullable RecomputeLevel level, Precision precision) {
        return implementation + " (" + (level == null ? layout : level) + ", " + precision + ")";
    }
}
