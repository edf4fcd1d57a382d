package io.densespark.model.cuda;

import io.densespark.model.tensor.Device;
import org.jspecify.annotations.Nullable;

/**
 * Memory of a GPU's that lives between two passes, and grows to its largest use. A step's graph holds its address: it has
 * its size once a first step of the largest batch was run without one.
 */
final class Scratch implements AutoCloseable {
    private final Device device;
    private final Stream stream;
    private @Nullable DeviceMemory memory;

    Scratch(Device device, Stream stream) {
        this.device = device;
        this.stream = stream;
    }

    /** The address of at least that many bytes; what they hold is undefined. */
    long address(long bytes) {
        return memory(bytes).address();
    }

    /** At least that many bytes; what they hold is undefined. Not to be closed by the caller. */
    DeviceMemory memory(long bytes) {
        DeviceMemory old = memory;
        if (old == null || old.bytes() < bytes) {
            if (old != null) {
                stream.await();
                stream.moved();
                memory = null;
                old.close();
            }
            old = DeviceMemory.allocate(device, bytes);
            memory = old;
        }
        return old;
    }

    @Override
    public void close() {
        if (memory != null) {
            memory.close();
            memory = null;
        }
    }
}
