package io.densespark.model.cuda;

import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Matrix;

/** Where a convolution puts what it lends: one after the other in the same memory. */
final class LentMap implements AutoCloseable {
    private final Stream stream;
    private final Upload upload;
    private final Scratch memory;

    LentMap(Device device, Stream stream, Upload upload) {
        this.stream = stream;
        this.upload = upload;
        memory = new Scratch(device, stream);
    }

    /** Contiguous memory until the next call; what it holds is undefined. */
    Matrix of(ElementType type, int rows, int columns) {
        long elements = (long) rows * columns;
        DeviceMemory enough = memory.memory(elements * type.bytes());
        return Matrix.contiguous(DeviceStorage.of(type, elements, enough, stream, upload), rows, columns);
    }

    @Override
    public void close() {
        memory.close();
    }
}
