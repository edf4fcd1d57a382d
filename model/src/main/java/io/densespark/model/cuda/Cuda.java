package io.densespark.model.cuda;

import io.densespark.model.ModelException;
import io.densespark.model.kernels.Backend;
import io.densespark.model.kernels.Precision;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.NoSuchGpuException;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.cuda.global.cudnn;
import org.bytedeco.javacpp.Loader;

/** Loads CUDA's libraries and opens GPUs. */
public final class Cuda {
    private Cuda() {}

    /**
     * Opens a GPU. The caller closes the result, after all memory and kernels that it gave.
     *
     * @param precision of all products and convolutions
     * @throws NoSuchGpuException if CUDA sees no such GPU
     * @throws CudaException if a library of CUDA's, or the driver, is missing or too old
     */
    public static Backend open(Device device, Precision precision) {
        if (device.kind() != Device.Kind.CUDA) {
            throw new IllegalArgumentException(device + " is no GPU");
        }
        load();
        int visible = visible();
        if (device.index() >= visible) {
            throw new NoSuchGpuException(device, visible);
        }
        return CudaBackend.open(device, precision);
    }

    private static int visible() {
        int[] count = new int[1];
        int status = cudart.cudaGetDeviceCount(count);
        if (status == cudart.cudaErrorNoDevice) {
            return 0;
        }
        if (status == cudart.cudaErrorInsufficientDriver) {
            int[] driver = new int[1];
            cudart.cudaDriverGetVersion(driver);
            throw new CudaException(
                    driver[0] == 0
                            ? "there is no NVIDIA driver on this machine"
                            : "the NVIDIA driver is for CUDA " + version(driver[0]) + ", and CUDA "
                                    + version(runtimeVersion()) + " is installed",
                    "install a driver of version 580 or newer",
                    null);
        }
        Status.cuda(status, "counting GPUs");
        return count[0];
    }

    private static int runtimeVersion() {
        int[] runtime = new int[1];
        cudart.cudaRuntimeGetVersion(runtime);
        return runtime[0];
    }

    private static String version(int number) {
        return number / 1000 + "." + number % 1000 / 10;
    }

    private static void load() {
        load("CUDA's runtime and driver (libcudart.so.13, libcuda.so.1)", cudart.class);
        load("cuBLAS (libcublas.so.13, libcublasLt.so.13)", cublas.class);
        load("cuDNN (libcudnn.so.9)", cudnn.class);
    }

    /** @throws ModelException if the library, named so, doesn't load */
    static void load(String library, Class<?> binding) {
        try {
            Loader.load(binding);
        } catch (LinkageError e) {
            // JavaCPP's own message says that its binding doesn't load; the innermost cause names the missing library.
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            throw new ModelException(
                    "a GPU was asked for, and " + library + " doesn't load on this machine (" + cause.getMessage()
                            + "): install CUDA 13, cuDNN 9 and NCCL 2, and put their folders on LD_LIBRARY_PATH",
                    e);
        }
    }
}
