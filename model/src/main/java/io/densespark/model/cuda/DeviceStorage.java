package io.densespark.model.cuda;

import io.densespark.model.tensor.ByteTable;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Storage;
import java.nio.FloatBuffer;
import java.util.Objects;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.ShortPointer;

/** Memory of a GPU as storage. Reads wait for all passes that were started before; writes wait for none. */
final class DeviceStorage implements Storage {
    private final ElementType type;
    private final long elements;
    private final DeviceMemory memory;
    private final Stream stream;
    private final Upload upload;

    private DeviceStorage(ElementType type, long elements, DeviceMemory memory, Stream stream, Upload upload) {
        this.type = type;
        this.elements = elements;
        this.memory = memory;
        this.stream = stream;
        this.upload = upload;
    }

    static DeviceStorage of(ElementType type, long elements, DeviceMemory memory, Stream stream, Upload upload) {
        return new DeviceStorage(type, elements, memory, stream, upload);
    }

    /** The address of the first element. */
    long address() {
        return memory.address();
    }

    @Override
    public ElementType type() {
        return type;
    }

    @Override
    public long elements() {
        return elements;
    }

    @Override
    public void read(long offset, float[] target, int at, int length) {
        Objects.checkFromIndexSize(offset, length, elements);
        if (type == ElementType.BFLOAT16) {
            readRounded(offset, target, at, length);
            return;
        }
        try (FloatPointer copy = new FloatPointer((long) length)) {
            stream.copyToHost(address() + offset * Float.BYTES, copy, (long) length * Float.BYTES);
            copy.get(target, at, length);
        }
    }

    private void readRounded(long offset, float[] target, int at, int length) {
        short[] halves = new short[length];
        try (ShortPointer copy = new ShortPointer((long) length)) {
            stream.copyToHost(address() + offset * Short.BYTES, copy, (long) length * Short.BYTES);
            copy.get(halves, 0, length);
        }
        for (int i = 0; i < length; i++) {
            target[at + i] = Float.intBitsToFloat(halves[i] << Short.SIZE);
        }
    }

    @Override
    public void write(long offset, float[] source, int at, int length) {
        Objects.checkFromIndexSize(offset, length, elements);
        long to = address() + offset * type.bytes();
        if (type == ElementType.BFLOAT16) {
            upload.round(source, at, length, to);
        } else {
            upload.copy(source, at, length, to);
        }
    }

    @Override
    public void write(long offset, byte[] source, int at, int length, ByteTable table) {
        Objects.checkFromIndexSize(offset, length, elements);
        Numbers numbers = type == ElementType.BFLOAT16 ? Numbers.BFLOAT : Numbers.FLOAT;
        upload.lookUp(source, at, length, table, numbers, address() + offset * type.bytes());
    }

    @Override
    public void read(long offset, double[] target, int length) {
        Objects.checkFromIndexSize(offset, length, elements);
        try (DoublePointer copy = new DoublePointer((long) length)) {
            stream.copyToHost(address() + offset * Double.BYTES, copy, (long) length * Double.BYTES);
            copy.get(target, 0, length);
        }
    }

    @Override
    public void write(long offset, double[] source, int length) {
        Objects.checkFromIndexSize(offset, length, elements);
        try (DoublePointer copy = new DoublePointer((long) length)) {
            copy.put(source, 0, length);
            stream.copyToDevice(copy, address() + offset * Double.BYTES, (long) length * Double.BYTES);
        }
    }

    @Override
    public FloatBuffer floats() {
        throw new UnsupportedOperationException("a GPU's memory is out of Java's reach");
    }

    @Override
    public void zero() {
        stream.zero(address(), bytes());
    }

    @Override
    public void close() {
        memory.close();
    }
}
