package io.densespark.model.tensor;

import io.densespark.model.ModelException;

/** A GPU was asked for that CUDA doesn't see. */
public final class NoSuchGpuException extends ModelException {
    private final Device device;
    private final int visible;

    public NoSuchGpuException(Device device, int visible) {
        super(
                "there is no GPU " + device.index() + " among the " + visible + " devices that CUDA sees here",
                "check the driver and CUDA_VISIBLE_DEVICES on this machine");
        this.device = device;
        this.visible = visible;
    }

    /** What was asked for. */
    public Device device() {
        return device;
    }

    /** Number of devices that CUDA sees. */
    public int visible() {
        return visible;
    }
}
