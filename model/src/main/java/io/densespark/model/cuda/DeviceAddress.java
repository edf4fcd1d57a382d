package io.densespark.model.cuda;

import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Storage;
import io.densespark.model.tensor.Vector;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** Addresses on a GPU: numbers for kernels, pointers that own nothing for libraries. Java can't read what they point to. */
final class DeviceAddress extends FloatPointer {
    private DeviceAddress(long address) {
        super((Pointer) null);
        this.address = address;
    }

    static FloatPointer at(long address) {
        return new DeviceAddress(address);
    }

    static long address(Matrix matrix) {
        return storage(matrix.storage())
                + matrix.offset() * matrix.storage().type().bytes();
    }

    static long address(Vector vector) {
        return storage(vector.storage())
                + vector.offset() * vector.storage().type().bytes();
    }

    private static long storage(Storage storage) {
        return ((DeviceStorage) storage).address();
    }
}
