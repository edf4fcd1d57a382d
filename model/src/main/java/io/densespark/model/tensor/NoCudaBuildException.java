package io.densespark.model.tensor;

import io.densespark.model.ModelException;

/** A GPU was asked for, but this libtorch was built without CUDA. */
public final class NoCudaBuildException extends ModelException {
    private final Device device;

    public NoCudaBuildException(Device device) {
        super(
                "GPU " + device.index() + " can't be used by a libtorch without CUDA",
                "put libtorch's GPU build on the class path, or use the CPU");
        this.device = device;
    }

    /** What was asked for. */
    public Device device() {
        return device;
    }
}
