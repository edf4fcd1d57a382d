package io.densespark.model.cuda;

import io.densespark.model.tensor.AllocationException;
import io.densespark.model.tensor.Device;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.SizeTPointer;

/** One allocation on a GPU. Whoever allocated it closes it. */
final class DeviceMemory implements AutoCloseable {
    private final long bytes;
    /** 0 once it is freed. */
    private long address;

    private DeviceMemory(long address, long bytes) {
        this.address = address;
        this.bytes = bytes;
    }

    /**
     * Allocates on the current device of this thread.
     *
     * @throws AllocationException if the device has too little memory
     */
    static DeviceMemory allocate(Device device, long bytes) {
        try (Pointer pointer = new Pointer()) {
            int status = cudart.cudaMalloc(pointer, Math.max(1, bytes));
            if (status == cudart.cudaErrorMemoryAllocation) {
                // The runtime would report it once more, to whoever asks next for the last error.
                cudart.cudaGetLastError();
                throw new AllocationException(bytes, device, free(), null);
            }
            Status.cuda(status, "allocating " + bytes + " bytes on " + device);
            return new DeviceMemory(pointer.address(), bytes);
        }
    }

    private static String free() {
        try (SizeTPointer free = new SizeTPointer(1);
                SizeTPointer all = new SizeTPointer(1)) {
            Status.cuda(cudart.cudaMemGetInfo(free, all), "asking for free memory");
            return free.get() + " of its " + all.get() + " bytes are free";
        }
    }

    long address() {
        if (address == 0) {
            throw new IllegalStateException("this memory was freed");
        }
        return address;
    }

    long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        if (address != 0) {
            int status = cudart.cudaFree(DeviceAddress.at(address));
            address = 0;
            Status.cuda(status, "freeing memory");
        }
    }
}
