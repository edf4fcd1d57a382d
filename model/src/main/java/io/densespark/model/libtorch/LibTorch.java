package io.densespark.model.libtorch;

import io.densespark.model.ModelException;
import io.densespark.model.cpu.CpuKernels;
import io.densespark.model.kernels.Backend;
import io.densespark.model.kernels.Kernels;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.PointerLimit;
import io.densespark.model.tensor.Precision;
import io.densespark.model.tensor.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/** Loads libtorch, once a process, and opens the CPU by it. */
public final class LibTorch {
    private static final String VISIBLE_DEVICES = "CUDA_VISIBLE_DEVICES";

    private static boolean loaded;

    private LibTorch() {}

    /**
     * Opens the CPU, for replicas in single precision.
     *
     * @throws ModelException if libtorch doesn't load here
     */
    public static Backend open() {
        return open(Precision.FP32);
    }

    /**
     * Opens the CPU. Maps of bfloat16 work on every one; where it has no instructions for them they are slow.
     *
     * @throws ModelException if libtorch doesn't load here
     */
    public static Backend open(Precision precision) {
        load();
        return new CpuBackend(precision.on(Device.CPU).maps());
    }

    /**
     * Lets the library use so many threads for each operation that the calling thread starts, and as many of OpenBLAS
     * for the whole process. For code without workers of its own: a {@link Backend} keeps its threads at one.
     *
     * @param threads at least 1
     * @throws ModelException if libtorch doesn't load here
     */
    public static void setThreads(int threads) {
        load();
        torch.set_num_threads(threads);
        openblas_nolapack.blas_set_num_threads(threads);
    }

    /** The version of libtorch and of its bindings, such as {@code 2.10.0-1.5.13}; loads nothing. */
    public static String version() {
        try {
            return Loader.getVersion("org.bytedeco", "pytorch");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Lets CUDA see one device only, which is GPU 0 from then on: to be called before a GPU is first opened, since CUDA
     * looks at its environment once. Java can't set the environment of a process that runs.
     *
     * @param uuid as {@code nvidia-smi -L} prints it, of a whole GPU or of a MIG instance
     */
    public static void showOnlyGpu(String uuid) {
        load();
        torch.set_env(VISIBLE_DEVICES, uuid);
    }

    /** Bytes of native memory that JavaCPP's live pointers hold; for leak checks. */
    public static long liveBytes() {
        load();
        return Pointer.totalBytes();
    }

    /** Number of JavaCPP's live pointers; for leak checks. */
    public static long livePointers() {
        load();
        return Pointer.totalCount();
    }

    static synchronized void load() {
        if (loaded) {
            return;
        }
        PointerLimit.lift();
        try (LoadLock alone = LoadLock.take(Loader::getCacheDir)) {
            Loader.load(torch.class);
            // OpenBLAS has a pool of its own, for which concurrent callers would queue.
            openblas_nolapack.blas_set_num_threads(1);
        } catch (LinkageError e) {
            // The first try fails with the linker's error, later ones because the class is marked as unusable.
            throw new ModelException(
                    "libtorch doesn't load on this machine (" + e.getMessage()
                            + "): it needs x86-64 Linux with glibc 2.35 "
                            + "or newer, no other libtorch on LD_LIBRARY_PATH, and room where it is unpacked; run in a "
                            + "container of Debian 12 or Ubuntu 22.04 if the machine is older",
                    e);
        }
        loaded = true;
    }

    private static final class CpuBackend implements Backend {
        private final ElementType maps;
        private final RoundedWeights rounded = new RoundedWeights();

        CpuBackend(ElementType maps) {
            this.maps = maps;
        }

        @Override
        public Device device() {
            return Device.CPU;
        }

        @Override
        public Storage allocate(ElementType type, long elements) {
            return TensorStorage.allocate(type, elements);
        }

        @Override
        public Kernels kernels() {
            AtenKernels library = maps == ElementType.FLOAT ? new AtenKernels() : new AtenKernels(rounded);
            return new CpuKernels(library, new OpenBlas());
        }

        @Override
        public void enterThread() {
            torch.set_num_threads(1);
        }

        @Override
        public void close() {
            rounded.close();
        }
    }
}
