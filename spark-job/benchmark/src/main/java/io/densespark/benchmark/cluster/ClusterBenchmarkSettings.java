package io.densespark.benchmark.cluster;

import io.densespark.benchmark.SettingCheck;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.plan.RecomputeLevel;
import io.densespark.model.plan.ReplicaSettings;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Precision;
import io.densespark.spark.JobException;
import io.densespark.spark.resources.ReplicaRequest;
import java.io.Serializable;
import java.util.List;

/**
 * What {@link ClusterBenchmark} measures.
 *
 * @param network its name, for people
 * @param spec the network
 * @param imageSize side of the images
 * @param replicas numbers of replicas, the smallest first
 * @param scaling what {@code batch} counts
 * @param batch images of a step: of each replica, or of all together
 * @param levels recompute levels that a rank may run at, the fastest first
 * @param precision on GPUs
 * @param steps timed steps
 * @param warmUp steps before them, not timed
 * @param rounds how often all numbers of replicas are measured, one after the other
 * @param checkpointSteps from one checkpoint to the next in as many steps again, which are timed too; 0 for none
 */
public record ClusterBenchmarkSettings(
        String network,
        DenseNetSpec spec,
        int imageSize,
        List<Integer> replicas,
        Scaling scaling,
        int batch,
        List<RecomputeLevel> levels,
        Precision precision,
        int steps,
        int warmUp,
        int rounds,
        int checkpointSteps)
        implements Serializable {

    /** What stays the same when there are more replicas. */
    public enum Scaling {
        /** The images of each replica. */
        WEAK,
        /** The images of all replicas together. */
        STRONG
    }

    /**
     * @throws JobException naming the setting that is out of range
     * @throws io.densespark.model.ModelException if there is no such network, or it can't take such images
     */
    public ClusterBenchmarkSettings {
        replicas = replicas.stream().sorted().distinct().toList();
        levels = List.copyOf(levels);
        if (replicas.isEmpty()) {
            throw new JobException("setting replicas is empty: name one or more numbers, as 1,2,4");
        }
        SettingCheck.atLeast(1, "replicas", replicas.get(0));
        SettingCheck.atLeast(1, scaling == Scaling.WEAK ? "batch-per-replica" : "global-batch", batch);
        SettingCheck.atLeast(1, "steps", steps);
        SettingCheck.atLeast(0, "warm-up", warmUp);
        SettingCheck.atLeast(1, "rounds", rounds);
        SettingCheck.atLeast(0, "checkpoint-steps", checkpointSteps);
        if (checkpointSteps > 0 && steps % checkpointSteps != 0) {
            throw new JobException("setting steps " + steps + " is no multiple of checkpoint-steps " + checkpointSteps
                    + ": blocks of so many steps with and without a checkpoint are compared");
        }
        int most = replicas.get(replicas.size() - 1);
        if (scaling == Scaling.STRONG && batch < most) {
            throw new JobException("setting global-batch " + batch + " leaves some of " + most
                    + " replicas without an image: set it to " + most + " or more, or --replicas lower");
        }
        long images = scaling == Scaling.WEAK ? (long) batch * most : batch;
        if (images * ((checkpointSteps > 0 ? 2L : 1L) * steps + warmUp) > Integer.MAX_VALUE) {
            throw new JobException("settings steps " + steps + " and warm-up " + warmUp + " take more than "
                    + Integer.MAX_VALUE + " images of " + images + " a step: set them lower");
        }
        new ReplicaSettings(spec, new ImageShape(imageSize, imageSize), 1, levels.get(0), 1, Device.CPU);
    }

    /** The largest number of replicas. */
    public int mostReplicas() {
        return replicas.get(replicas.size() - 1);
    }

    /** Images of a step, all replicas together. */
    int globalBatch(int worldSize) {
        return scaling == Scaling.WEAK ? batch * worldSize : batch;
    }

    /** The largest replica of so many. */
    ReplicaRequest replica(int worldSize) {
        int largest = (globalBatch(worldSize) + worldSize - 1) / worldSize;
        return ReplicaRequest.training(spec, new ImageShape(imageSize, imageSize), largest, levels, precision);
    }
}
