package io.densespark.benchmark.memory;

import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.network.ParameterLayout;
import io.densespark.model.plan.BufferRole;
import io.densespark.model.plan.MemoryPlan;
import io.densespark.model.plan.PlannedBuffer;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.tensor.Device;

/**
 * The bytes of a network's feature maps in one training step; its components are the keys of the JSON file.
 *
 * <p>DenseSpark's are all buffers of its memory plan for one worker, gradients of feature maps and shared allocations
 * included, without what has the size of the weights (parameters, gradients, velocity, running statistics) and without
 * the library's allowance. {@code naive} is what autograd keeps, without any gradient: the comparison favours it.
 */
record MemoryRow(int depth, long parameters, long naive, long none, long activations, long bottleneck) {

    static MemoryRow of(int depth, DenseNetSpec bc, ImageShape image, int images) {
        return new MemoryRow(
                depth,
                ParameterLayout.of(bc).parameterCount(),
                NaiveFeatureMaps.bytes(bc, image, images),
                planned(bc, image, images, RecomputeLevel.NONE),
                planned(bc, image, images, RecomputeLevel.ACTIVATIONS),
                planned(bc, image, images, RecomputeLevel.BOTTLENECK));
    }

    private static long planned(DenseNetSpec spec, ImageShape image, int images, RecomputeLevel level) {
        return MemoryPlan.of(new ReplicaSettings(spec, image, images, level, 1, Device.CPU)).buffers().stream()
                .filter(buffer -> buffer.id().role().part() != BufferRole.Part.WEIGHTS)
                .mapToLong(PlannedBuffer::bytes)
                .sum();
    }
}
