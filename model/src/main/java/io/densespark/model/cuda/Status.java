package io.densespark.model.cuda;

import io.densespark.model.tensor.DeviceLostException;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.cuda.global.cudnn;
import org.bytedeco.cuda.global.nccl;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;

/** What CUDA's libraries answer, as exceptions. */
final class Status {
    private static final String LOOK =
            "a pass before it may be the cause; see the GPU's state in nvidia-smi and the kernel's log, or use another GPU";

    private Status() {}

    /**
     * @throws DeviceLostException unless the runtime's {@code status} says success
     * @throws CudaException if there is too little memory
     */
    static void cuda(int status, String doing) {
        if (status == cudart.cudaErrorMemoryAllocation) {
            throw noMemory("CUDA", doing);
        }
        if (status != cudart.cudaSuccess) {
            throw failed("CUDA", doing, cudart.cudaGetErrorName(status), cudart.cudaGetErrorString(status));
        }
    }

    /**
     * @throws DeviceLostException unless the driver's {@code status} says success
     * @throws CudaException if there is too little memory, or the driver is too old
     */
    static void driver(int status, String doing) {
        if (status == cudart.CUDA_ERROR_OUT_OF_MEMORY) {
            throw noMemory("the CUDA driver", doing);
        }
        if (status == cudart.CUDA_ERROR_UNSUPPORTED_PTX_VERSION) {
            throw new CudaException(
                    "the NVIDIA driver is too old for DenseSpark's kernels", "install version 580 or newer", null);
        }
        if (status != 0) {
            try (PointerPointer<BytePointer> text = new PointerPointer<>(1)) {
                cudart.cuGetErrorString(status, text);
                BytePointer words = text.get(BytePointer.class, 0);
                throw failed("the CUDA driver", doing, String.valueOf(status), words);
            }
        }
    }

    /**
     * @throws DeviceLostException unless cuBLAS's {@code status} says success
     * @throws CudaException if there is too little memory
     */
    static void blas(int status, String doing) {
        if (status == cublas.CUBLAS_STATUS_ALLOC_FAILED) {
            throw noMemory("cuBLAS", doing);
        }
        if (status != 0) {
            throw failed("cuBLAS", doing, String.valueOf(status), cublas.cublasGetStatusString(status));
        }
    }

    /**
     * @throws DeviceLostException unless cuDNN's {@code status} says success
     * @throws CudaException if there is too little memory
     */
    static void dnn(int status, String doing) {
        if (status == cudnn.CUDNN_STATUS_ALLOC_FAILED
                || status == cudnn.CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED) {
            throw noMemory("cuDNN", doing);
        }
        if (status != cudnn.CUDNN_STATUS_SUCCESS) {
            throw failed("cuDNN", doing, String.valueOf(status), cudnn.cudnnGetErrorString(status));
        }
    }

    /**
     * @throws DeviceLostException if NCCL's {@code status} says that CUDA failed
     * @throws CudaException if it says anything else but that it did or does what it should
     */
    static void nccl(int status, String doing) {
        if (Communicator.isError(status)) {
            throw ncclFailed(status, doing);
        }
    }

    /** What a failure of NCCL's means for this rank alone. */
    static RuntimeException ncclFailed(int status, String doing) {
        String facts = "NCCL failed at " + doing + " (" + ncclError(status) + ")";
        return status == nccl.ncclUnhandledCudaError
                ? new DeviceLostException(facts + ": " + LOOK, null)
                : new CudaException(facts, "see what NCCL itself says with NCCL_DEBUG=INFO in the environment", null);
    }

    /** NCCL's words for an error, on one line. */
    static String ncclError(int status) {
        String last =
                text(nccl.ncclGetLastError(null)).strip().lines().findFirst().orElse("");
        String words = status + ": " + text(nccl.ncclGetErrorString(status));
        return last.isEmpty() ? words : words + ": " + last;
    }

    private static CudaException noMemory(String library, String doing) {
        return new CudaException(
                "the GPU has no memory left for " + library + ", at " + doing,
                "use a smaller batch or more replicas, and see in nvidia-smi who else uses the GPU",
                null);
    }

    private static DeviceLostException failed(String library, String doing, BytePointer name, BytePointer words) {
        return failed(library, doing, text(name), words);
    }

    private static DeviceLostException failed(String library, String doing, String name, BytePointer words) {
        return new DeviceLostException(
                library + " failed at " + doing + " (" + name + ": " + text(words) + "): " + LOOK, null);
    }

    private static String text(BytePointer words) {
        return words == null || words.isNull() ? "no message" : words.getString();
    }
}
