package io.densespark.model.plan;

import io.densespark.model.ModelException;
import io.densespark.model.network.DenseNetSpec;
import io.densespark.model.network.ImageShape;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Precision;
import java.util.Objects;

/**
 * All that decides how much memory a replica takes.
 *
 * @param spec the network
 * @param image the size of the images
 * @param batch the largest number of images in one step of this replica
 * @param level what the forward pass keeps
 * @param workers threads that each own a slice of the images; 1 on a GPU
 * @param device where the replica computes
 * @param precision as asked for, and then what that is {@linkplain Precision#on on} the device
 */
public record ReplicaSettings(
        DenseNetSpec spec,
        ImageShape image,
        int batch,
        RecomputeLevel level,
        int workers,
        Device device,
        Precision precision) {
    /** In single precision. */
    public ReplicaSettings(
            DenseNetSpec spec, ImageShape image, int batch, RecomputeLevel level, int workers, Device device) {
        this(spec, image, batch, level, workers, device, Precision.FP32);
    }

    /** @throws ModelException if the network can't take such images, or a number is out of range */
    public ReplicaSettings {
        Objects.requireNonNull(level, "level");
        precision = precision.on(device);
        spec.requireFits(image);
        if (batch < 1) {
            throw new ModelException("batch of a replica " + batch + ": must be at least 1");
        }
        if (workers < 1) {
            throw new ModelException("workers of a replica " + workers + ": must be at least 1");
        }
        if (device.kind() == Device.Kind.CUDA && workers != 1) {
            throw new ModelException("a replica on " + device + " has one worker, not " + workers);
        }
    }

    /** First image of a worker's slice of a batch; for the worker after the last one, the end of the last slice. */
    public int sliceStart(int images, int worker) {
        return (int) ((long) images * worker / workers);
    }

    /** The most images that one worker has. */
    public int largestSlice() {
        return (batch - 1) / workers + 1;
    }

    /** The pieces in which a worker goes through its slice. */
    public Tiling tiling() {
        return Tiling.of(device.kind(), precision.maps());
    }
}
