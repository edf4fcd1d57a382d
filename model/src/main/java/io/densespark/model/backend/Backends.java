package io.densespark.model.backend;

import io.densespark.model.ModelException;
import io.densespark.model.cuda.Cuda;
import io.densespark.model.kernels.Backend;
import io.densespark.model.kernels.Precision;
import io.densespark.model.libtorch.LibTorch;
import io.densespark.model.tensor.Device;

/** Opens devices. */
public final class Backends {
    private Backends() {}

    /**
     * Opens a device. The caller closes the result, after all memory and kernels that it gave.
     *
     * @param precision of products and convolutions on a GPU; a CPU's are {@link Precision#FP32}
     * @throws io.densespark.model.tensor.NoSuchGpuException if CUDA sees no such GPU here
     * @throws ModelException if a library that the device needs, or the GPU's driver, is missing or too old
     * @throws io.densespark.model.tensor.DeviceLostException if the GPU doesn't answer
     */
    public static Backend open(Device device, Precision precision) {
        return switch (device.kind()) {
            case CPU -> LibTorch.open(device);
            case CUDA -> Cuda.open(device, precision);
        };
    }
}
