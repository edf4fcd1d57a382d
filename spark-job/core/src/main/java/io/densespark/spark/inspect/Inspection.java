package io.densespark.spark.inspect;

import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.network.NetworkSummary;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Precision;
import java.util.EnumMap;
import java.util.Map;

/**
 * A network's layers, and the memory plan of a replica of it at each recompute level.
 *
 * @param name of the network, for people
 * @param image size of the images
 * @param batch images in a step of the replica
 * @param device of the replica; of GPUs, any one
 * @param workers threads of the replica, 1 on a GPU
 * @param precision as asked for, and then what that is on the device
 * @param summary the layers
 * @param plans by level
 */
public record Inspection(
        String name,
        ImageShape image,
        int batch,
        Device device,
        int workers,
        Precision precision,
        NetworkSummary summary,
        Map<RecomputeLevel, MemoryPlan> plans) {
    public Inspection {
        plans = new EnumMap<>(plans);
    }

    /**
     * Inspects a network.
     *
     * @throws io.densespark.model.ModelException if the network can't take such images, or no replica such a batch
     */
    public static Inspection of(
            String name,
            DenseNetSpec spec,
            ImageShape image,
            int batch,
            Device device,
            int workers,
            Precision precision) {
        Map<RecomputeLevel, MemoryPlan> plans = new EnumMap<>(RecomputeLevel.class);
        for (RecomputeLevel level : RecomputeLevel.values()) {
            plans.put(level, MemoryPlan.of(new ReplicaSettings(spec, image, batch, level, workers, device, precision)));
        }
        return new Inspection(
                name, image, batch, device, workers, precision.on(device), NetworkSummary.of(spec, image), plans);
    }
}
