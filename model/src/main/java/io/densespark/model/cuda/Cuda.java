package io.densespark.model.cuda;

import io.densespark.model.kernels.Backend;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.NoSuchGpuException;
import io.densespark.model.tensor.PointerLimit;
import io.densespark.model.tensor.Precision;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.cuda.cudart.cudaDeviceProp;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.cuda.global.cudnn;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.SizeTPointer;
import org.jspecify.annotations.Nullable;

/** Loads CUDA's libraries and opens GPUs. */
public final class Cuda {
    /** Compute capabilities, times ten: what the kernels are compiled for, and what multiplies bfloat16. */
    private static final int FIRST = 75;

    private static final int FIRST_WITH_BFLOAT = 80;

    private static final String DRIVER_LIBRARY = "libcuda.so.1";
    private static final String INSTALL_DRIVER =
            "install one of version 580 or newer (in a container NVIDIA's container toolkit brings the host's along)";

    /** Why a library didn't load: the first try fails with the linker's error, later ones because the class is spent. */
    private static final Map<Class<?>, Obstacle> OBSTACLES = new ConcurrentHashMap<>();

    private Cuda() {}

    /** What is wrong and what to do about it. */
    private record Obstacle(String facts, String remedy) {
        static final Obstacle NO_DRIVER =
                new Obstacle("a GPU was asked for, and this machine has no NVIDIA driver", INSTALL_DRIVER);

        CudaException exception(@Nullable Throwable cause) {
            return new CudaException(facts, remedy, cause);
        }
    }

    /**
     * Opens a GPU. The caller closes the result, after all memory and kernels that it gave.
     *
     * @param precision of all products and convolutions
     * @throws NoSuchGpuException if CUDA sees no such GPU
     * @throws CudaException if a library of CUDA's, or the driver, is missing or too old, or the GPU is too old for the kernels or for that precision
     * @throws io.densespark.model.tensor.DeviceLostException if the GPU doesn't answer
     */
    public static Backend open(Device device, Precision precision) {
        require(device);
        int major = attribute(device, cudart.cudaDevAttrComputeCapabilityMajor);
        int minor = attribute(device, cudart.cudaDevAttrComputeCapabilityMinor);
        String itself = device + " has compute capability " + major + "." + minor;
        if (10 * major + minor < FIRST) {
            throw new CudaException(
                    itself + ", for which there are no kernels",
                    "take a GPU of compute capability 7.5 (Turing) or higher",
                    null);
        }
        if (precision == Precision.BF16 && 10 * major + minor < FIRST_WITH_BFLOAT) {
            throw new CudaException(
                    itself + ", whose products have no bfloat16",
                    "take precision tf32 or fp32, or a GPU of compute capability 8.0 (Ampere) or higher",
                    null);
        }
        return CudaBackend.open(device, precision);
    }

    private static int attribute(Device device, int which) {
        int[] value = new int[1];
        Status.cuda(cudart.cudaDeviceGetAttribute(value, which, device.index()), "asking for its compute capability");
        return value[0];
    }

    /**
     * Bytes of a GPU's memory that nobody uses; throws as {@link #open}. The first question about a GPU takes what CUDA
     * itself needs of it in each process, some hundred MB.
     */
    public static long freeBytes(Device device) {
        return memory(device)[0];
    }

    /** Bytes of a GPU's memory, used or free; throws as {@link #open}. */
    public static long totalBytes(Device device) {
        return memory(device)[1];
    }

    /** What a GPU is; throws as {@link #open}. */
    public static GpuFacts facts(Device device) {
        require(device);
        try (cudaDeviceProp properties = new cudaDeviceProp()) {
            Status.cuda(cudart.cudaGetDeviceProperties(properties, device.index()), "asking what it is");
            int[] driver = new int[1];
            Status.cuda(cudart.cudaDriverGetVersion(driver), "asking for the driver's version");
            return new GpuFacts(
                    properties.name().getString(),
                    properties.major() + "." + properties.minor(),
                    properties.totalGlobalMem(),
                    version(driver[0]),
                    version(runtimeVersion()),
                    10 * properties.major() + properties.minor() >= FIRST_WITH_BFLOAT);
        }
    }

    private static long[] memory(Device device) {
        require(device);
        Status.cuda(cudart.cudaSetDevice(device.index()), "choosing " + device);
        try (SizeTPointer free = new SizeTPointer(1);
                SizeTPointer total = new SizeTPointer(1)) {
            Status.cuda(cudart.cudaMemGetInfo(free, total), "asking for free memory");
            return new long[] {free.get(), total.get()};
        }
    }

    private static void require(Device device) {
        if (device.kind() != Device.Kind.CUDA) {
            throw new IllegalArgumentException(device + " is no GPU");
        }
        load();
        int visible = visible();
        if (device.index() >= visible) {
            throw new NoSuchGpuException(device, visible);
        }
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
            throw driver[0] == 0
                    ? Obstacle.NO_DRIVER.exception(null)
                    : new CudaException(
                            "the NVIDIA driver of this machine is for CUDA " + version(driver[0]) + ", and CUDA "
                                    + version(runtimeVersion()) + " is installed",
                            INSTALL_DRIVER,
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
        PointerLimit.lift();
        load("CUDA's runtime", cudart.class);
        load("cuBLAS", cublas.class);
        load("cuDNN", cudnn.class);
    }

    /** @throws CudaException if the library, named so, doesn't load */
    static void load(String library, Class<?> binding) {
        Obstacle known = OBSTACLES.get(binding);
        if (known != null) {
            throw known.exception(null);
        }
        try {
            Loader.load(binding);
        } catch (LinkageError e) {
            Obstacle found = obstacle(library, e);
            OBSTACLES.put(binding, found);
            throw found.exception(e);
        }
    }

    private static Obstacle obstacle(String library, LinkageError error) {
        // JavaCPP's own message says that its binding doesn't load; the innermost cause names the missing library.
        Throwable cause = error;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String reason = String.valueOf(cause.getMessage());
        return reason.contains(DRIVER_LIBRARY)
                ? Obstacle.NO_DRIVER
                : new Obstacle(
                        "a GPU was asked for, and " + library + " doesn't load on this machine (" + reason + ")",
                        "install CUDA 13, cuDNN 9 and NCCL 2, and put the folders of their libraries on LD_LIBRARY_PATH");
    }
}
