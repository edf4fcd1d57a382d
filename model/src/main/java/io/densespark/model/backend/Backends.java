package io.densespark.model.backend;

import io.densespark.model.ModelException;
import io.densespark.model.collective.Endpoint;
import io.densespark.model.collective.PeerLostException;
import io.densespark.model.collective.ProcessGroup;
import io.densespark.model.cuda.Cuda;
import io.densespark.model.cuda.NcclGroup;
import io.densespark.model.kernels.Backend;
import io.densespark.model.libtorch.LibTorch;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.Precision;
import java.util.function.BooleanSupplier;

/** Opens devices, and has their ranks sum. */
public final class Backends {
    private Backends() {}

    /**
     * Opens a device. The caller closes the result, after all memory and kernels that it gave.
     *
     * @param precision of maps, products and convolutions
     * @throws io.densespark.model.tensor.NoSuchGpuException if CUDA sees no such GPU here
     * @throws ModelException if a library that the device needs, or the GPU's driver, is missing or too old
     * @throws io.densespark.model.tensor.DeviceLostException if the GPU doesn't answer
     */
    public static Backend open(Device device, Precision precision) {
        return switch (device.kind()) {
            case CPU -> LibTorch.open(precision);
            case CUDA -> Cuda.open(device, precision);
        };
    }

    /**
     * Finds out, before anybody waits, whether ranks on such devices can sum their vectors.
     *
     * @throws ModelException if a library for that is missing or too old
     */
    public static void requireSums(Device device) {
        if (device.kind() == Device.Kind.CUDA) {
            NcclGroup.requireLibrary();
        }
    }

    /**
     * The ranks of {@code control}, which sum in main memory, as a group that sums vectors where they lie; on CPUs control
     * itself. Returns when all ranks have joined; the result closes control, also if joining fails.
     *
     * @param endpoint where a rank may listen, and how long it waits for the others
     * @param backend this rank's device, open until the result is closed
     * @param cancelled asked while waiting; once true, the wait ends with a {@link PeerLostException}
     * @throws PeerLostException if a rank doesn't join in time
     */
    public static ProcessGroup join(
            ProcessGroup control, Endpoint endpoint, Backend backend, BooleanSupplier cancelled) {
        return switch (backend.device().kind()) {
            case CPU -> control;
            case CUDA -> NcclGroup.join(control, endpoint, backend, cancelled);
        };
    }
}
