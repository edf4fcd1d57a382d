package io.densespark.spark.resources;

import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Precision;
import io.densespark.spark.JobException;
import java.io.Serializable;
import java.util.List;

/**
 * The replica that each rank is to make, as far as it doesn't depend on the rank's place.
 *
 * @param spec the network
 * @param image the size of its images
 * @param batch images at a time, of the rank that has most
 * @param levels recompute levels that may be taken, the fastest first; at least one
 * @param precision as asked for
 * @param adapts what gives way where memory is short
 */
public record ReplicaRequest(
        DenseNetSpec spec, ImageShape image, int batch, List<RecomputeLevel> levels, Precision precision, Adapts adapts)
        implements Serializable {
    /** What gives way where memory is short. */
    public enum Adapts {
        /** The recompute level: a step's images are given. */
        LEVEL,
        /** The images at a time: there is no backward pass for which anything would be kept. */
        BATCH
    }

    public ReplicaRequest {
        levels = List.copyOf(levels);
        if (levels.isEmpty()) {
            throw new IllegalArgumentException("a replica runs at one recompute level at least");
        }
    }

    /** A replica that trains. */
    public static ReplicaRequest training(
            DenseNetSpec spec, ImageShape image, int batch, List<RecomputeLevel> levels, Precision precision) {
        return new ReplicaRequest(spec, image, batch, levels, precision, Adapts.LEVEL);
    }

    /** A replica that only evaluates, in single precision, up to {@code batch} images at a time. */
    public static ReplicaRequest evaluation(DenseNetSpec spec, ImageShape image, int batch) {
        return new ReplicaRequest(spec, image, batch, List.of(RecomputeLevel.BOTTLENECK), Precision.FP32, Adapts.BATCH);
    }

    /**
     * What of this a replica can have there: the levels whose plans fit, or the most images that do.
     *
     * @throws JobException if nothing fits, saying what would
     */
    public ReplicaRequest within(MemoryBudget budget, int workers, Device device) {
        ReplicaSettings asked = settings(levels.get(0), workers, device);
        return switch (adapts) {
            case LEVEL ->
                new ReplicaRequest(spec, image, batch, MemoryCheck.fitting(asked, levels, budget), precision, adapts);
            case BATCH ->
                new ReplicaRequest(spec, image, MemoryCheck.evaluationBatch(asked, budget), levels, precision, adapts);
        };
    }

    /** The replica at the fastest level. */
    public ReplicaSettings settings(int workers, Device device) {
        return settings(levels.get(0), workers, device);
    }

    /** The replica at one of the levels. */
    public ReplicaSettings settings(RecomputeLevel level, int workers, Device device) {
        return new ReplicaSettings(spec, image, batch, level, workers, device, precision);
    }
}
