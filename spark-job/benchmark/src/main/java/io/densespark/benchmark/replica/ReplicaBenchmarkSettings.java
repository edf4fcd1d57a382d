package io.densespark.benchmark.replica;

import io.densespark.benchmark.SettingCheck;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Precision;
import io.densespark.spark.JobException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * What {@link ReplicaBenchmark} measures.
 *
 * @param spec the network; its dropout is left out, since no two implementations draw the same masks
 * @param image size of the images
 * @param batch images in a step
 * @param levels of DenseSpark, in the order of the table
 * @param device the CPU, or a GPU, which DenseSpark commands by one thread
 * @param precision on a GPU
 * @param rounds processes of each implementation, one after the other
 * @param steps timed steps of each process
 * @param warmUp steps before them at least, not timed: more are taken until their time has settled, ten times as many at most
 * @param threads workers of DenseSpark, threads of the others' libraries
 * @param python an interpreter that has torch, for PyTorch's rows
 * @param compile whether PyTorch is measured with {@code torch.compile}, too
 * @param json file for the rows
 * @param profile whether to print where DenseSpark's time goes
 */
public record ReplicaBenchmarkSettings(
        DenseNetSpec spec,
        ImageShape image,
        int batch,
        List<RecomputeLevel> levels,
        Device device,
        Precision precision,
        int rounds,
        int steps,
        int warmUp,
        int threads,
        Optional<String> python,
        boolean compile,
        Optional<String> json,
        boolean profile) {

    /** A loss before the first step and one after it are compared. */
    private static final int FEWEST_STEPS = 2;

    /**
     * @throws JobException naming the setting that is out of range
     * @throws io.densespark.model.ModelException if the network can't take such images
     */
    public ReplicaBenchmarkSettings {
        spec = spec.withDropout(0);
        levels = List.copyOf(levels);
        if (levels.isEmpty() || new HashSet<>(levels).size() < levels.size()) {
            throw new JobException("setting levels " + levels + ": name one or more of "
                    + List.of(RecomputeLevel.values()) + ", each once");
        }
        SettingCheck.atLeast(1, "rounds", rounds);
        SettingCheck.atLeast(1, "steps", steps);
        SettingCheck.atLeast(0, "warm-up", warmUp);
        SettingCheck.atLeast(1, "threads", threads);
        SettingCheck.atLeast(1, "batch", batch);
        if (steps + warmUp < FEWEST_STEPS) {
            throw new JobException("setting steps " + steps + " with warm-up " + warmUp
                    + ": the losses of two steps are compared; set them to " + FEWEST_STEPS + " or more together");
        }
        if (compile && python.isEmpty()) {
            throw new JobException("setting compile is for PyTorch's rows: name a Python with torch by --python");
        }
        if (profile && device.kind() != Device.Kind.CPU) {
            throw new JobException("setting profile is for the CPU: profile a GPU with NVIDIA's tools (nsys, ncu)");
        }
        for (RecomputeLevel level : levels) {
            new ReplicaSettings(spec, image, batch, level, workers(device, threads), device, precision);
        }
    }

    /** DenseSpark's workers. */
    int workers() {
        return workers(device, threads);
    }

    private static int workers(Device device, int threads) {
        return device.kind() == Device.Kind.CPU ? threads : 1;
    }

    /** DenseSpark's replica at one of the levels. */
    ReplicaSettings replica(RecomputeLevel level, Precision ofRow) {
        return new ReplicaSettings(spec, image, batch, level, workers(), device, ofRow);
    }
}
