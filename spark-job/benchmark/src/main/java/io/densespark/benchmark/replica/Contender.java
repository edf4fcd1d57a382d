package io.densespark.benchmark.replica;

import io.densespark.benchmark.step.Implementation;
import io.densespark.benchmark.step.Layout;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.tensor.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One row of the benchmark: an implementation as it is run.
 *
 * @param level what DenseSpark keeps; empty for the others
 */
record Contender(Implementation implementation, Layout layout, Optional<RecomputeLevel> level) {

    /** All rows, in the order of the table: DenseSpark's levels, then the baselines, of which a GPU has fewer. */
    static List<Contender> of(List<RecomputeLevel> levels, Device device, boolean withPython) {
        List<Contender> all = new ArrayList<>();
        levels.forEach(
                level -> all.add(new Contender(Implementation.DENSESPARK, Layout.CHANNELS_LAST, Optional.of(level))));
        boolean isOnCpu = device.kind() == Device.Kind.CPU;
        if (isOnCpu) {
            all.add(new Contender(Implementation.NAIVE, Layout.NCHW, Optional.empty()));
        }
        if (withPython) {
            List<Layout> layouts = isOnCpu ? List.of(Layout.NCHW, Layout.CHANNELS_LAST) : List.of(Layout.CHANNELS_LAST);
            for (Implementation python : List.of(Implementation.PYTORCH, Implementation.PYTORCH_CHECKPOINT)) {
                for (Layout layout : layouts) {
                    all.add(new Contender(python, layout, Optional.empty()));
                }
            }
        }
        return all;
    }

    /** In words, as messages name it. */
    @Override
    public String toString() {
        return name(implementation, layout, level.orElse(null));
    }

    /**
     * An implementation in words.
     *
     * @param level null if it has none
     */
    static String name(Implementation implementation, Layout layout, @Nullable RecomputeLevel level) {
        return implementation + " (" + (level == null ? layout : level) + ")";
    }
}
