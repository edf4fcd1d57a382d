package io.densespark.model.cuda;

import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Matrix;

/** Where a convolution puts what it lends: one after the other in the same memory. */
final class LentMap implements AutoCloseable {
    private final Device device;
    private final Stream stream;
    private final Upload upload;
    private DeviceStorage storage;

    LentMap(Device device, Stream stream, Upload upload) {
        this.device = device;
        this.stream = stream;
        this.upload = upload;
        storage = allocate(1);
    }

    private DeviceStorage allocate(long elements) {
        DeviceMemory memory = DeviceMemory.allocate(device, elements * ElementType.FLOAT.bytes());
        return DeviceStorage.of(ElementType.FLOAT, elements, memory, stream, upload);
    }

    /** Contiguous memory until the next call; what it holds is undefined. */
    Matrix of(int rows, int columns) {
        long elements = (long) rows * columns;
        if (elements > storage.elements()) {
            stream.await();
            storage.close();
            storage = allocate(elements);
        }
        return Matrix.contiguous(storage, rows, columns);
    }

    @Override
    public void close() {
        storage.close();
    }
}
