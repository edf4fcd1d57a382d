package io.densespark.model.libtorch;

import io.densespark.model.network.ImageShape;
import io.densespark.model.tensor.AllocationException;
import io.densespark.model.tensor.Bfloat16;
import io.densespark.model.tensor.Device;
import io.densespark.model.tensor.ElementType;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Storage;
import io.densespark.model.tensor.Vector;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.util.Objects;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.ShortPointer;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * A flat tensor as storage. The views that it hands out die with the {@link PointerScope} in which they were made, the
 * memory with {@link #close()}.
 */
final class TensorStorage implements Storage {
    private final ElementType type;
    private final long elements;
    /** Null once it is freed, as are the views below. */
    private @Nullable Tensor tensor;

    private @Nullable FloatPointer pointer;
    private @Nullable FloatBuffer floats;
    private @Nullable ShortBuffer halves;
    private @Nullable IntBuffer pairs;
    private @Nullable DoubleBuffer doubles;

    private TensorStorage(ElementType type, long elements, Tensor tensor) {
        this.type = type;
        this.elements = elements;
        this.tensor = tensor;
    }

    static TensorStorage allocate(ElementType type, long elements) {
        try (PointerScope scope = new PointerScope()) {
            Tensor tensor = torch.zeros(new long[] {elements}, options(type));
            tensor.retainReference();
            TensorStorage storage = new TensorStorage(type, elements, tensor);
            if (storage.bytes() <= LARGEST_JAVA_BUFFER) {
                storage.view();
            }
            return storage;
        } catch (RuntimeException e) {
            throw new AllocationException(elements * type.bytes(), Device.CPU, firstLine(e), e);
        }
    }

    /**
     * A dense tensor of the library's, in whatever order its elements lie. The scope in which it was made frees it; {@link
     * #close()} must not be called.
     *
     * @param type of its elements
     */
    static TensorStorage borrow(Tensor tensor, ElementType type) {
        long elements = tensor.numel();
        Tensor flat = tensor.as_strided(new long[] {elements}, new long[] {1}, new LongOptional());
        TensorStorage storage = new TensorStorage(type, elements, flat);
        storage.view();
        return storage;
    }

    private static TensorOptions options(ElementType type) {
        return new TensorOptions(
                switch (type) {
                    case FLOAT -> torch.ScalarType.Float;
                    case DOUBLE -> torch.ScalarType.Double;
                    case BFLOAT16 -> torch.ScalarType.BFloat16;
                });
    }

    static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("no message");
    }

    /** A matrix as a tensor {@code [rows, columns]}. */
    static Tensor view(Matrix matrix) {
        return of(matrix.storage())
                .as_strided(
                        new long[] {matrix.rows(), matrix.columns()},
                        new long[] {matrix.stride(), 1},
                        new LongOptional(matrix.offset()));
    }

    /** A matrix of pixels as a channels-last tensor {@code [N, C, H, W]}. */
    static Tensor imageView(Matrix matrix, int images, ImageShape shape) {
        long stride = matrix.stride();
        return of(matrix.storage())
                .as_strided(
                        new long[] {images, matrix.columns(), shape.height(), shape.width()},
                        new long[] {shape.pixels() * stride, 1, shape.width() * stride, stride},
                        new LongOptional(matrix.offset()));
    }

    /** A matrix of pixels as a tensor {@code [N, H·W, C]}. */
    static Tensor pixelView(Matrix matrix, int images) {
        long pixels = matrix.rows() / images;
        return of(matrix.storage())
                .as_strided(
                        new long[] {images, pixels, matrix.columns()},
                        new long[] {pixels * matrix.stride(), matrix.stride(), 1},
                        new LongOptional(matrix.offset()));
    }

    /** A vector as a tensor {@code [length]}. */
    static Tensor view(Vector vector) {
        return of(vector.storage()).narrow(0, vector.offset(), vector.length());
    }

    /** A vector as a tensor {@code [rows, length / rows]}. */
    static Tensor view(Vector vector, int rows) {
        return view(vector).view(rows, vector.length() / rows);
    }

    /** A convolution weight {@code [O, KH, KW, I]} as a channels-last tensor {@code [O, I, KH, KW]}. */
    static Tensor weightView(Vector weight, long outputs, long inputs, long kernel) {
        return of(weight.storage())
                .as_strided(
                        new long[] {outputs, inputs, kernel, kernel},
                        new long[] {kernel * kernel * inputs, 1, kernel * inputs, inputs},
                        new LongOptional(weight.offset()));
    }

    /** The address of a matrix's first element. The result owns nothing. */
    static FloatPointer pointer(Matrix matrix) {
        FloatPointer memory = ((TensorStorage) matrix.storage()).pointer;
        if (memory == null) {
            throw new IllegalStateException("no floats, too many, or freed");
        }
        return memory.getPointer(FloatPointer.class, matrix.offset());
    }

    private static Tensor of(Storage storage) {
        return ((TensorStorage) storage).open();
    }

    private Tensor open() {
        if (tensor == null) {
            throw new IllegalStateException("this memory was freed");
        }
        return tensor;
    }

    @Override
    public ElementType type() {
        return type;
    }

    @Override
    public long elements() {
        return elements;
    }

    /** The buffers keep no hold on the memory: the tensor does. */
    private void view() {
        switch (type) {
            case FLOAT -> {
                FloatPointer memory = open().data_ptr_float().capacity(elements);
                pointer = memory;
                floats = memory.asBuffer();
            }
            case DOUBLE -> doubles = open().data_ptr_double().capacity(elements).asBuffer();
            case BFLOAT16 -> {
                halves = new ShortPointer(open().data_ptr()).capacity(elements).asBuffer();
                pairs = new IntPointer(open().data_ptr()).capacity(elements / 2).asBuffer();
            }
        }
    }

    @Override
    public FloatBuffer floats() {
        if (floats == null) {
            throw new UnsupportedOperationException("of another type, too large, or freed");
        }
        return floats;
    }

    @Override
    public ShortBuffer halves() {
        if (halves == null) {
            throw new UnsupportedOperationException("of another type, too large, or freed");
        }
        return halves;
    }

    @Override
    public IntBuffer pairs() {
        if (pairs == null) {
            throw new UnsupportedOperationException("of another type, too large, or freed");
        }
        return pairs;
    }

    @Override
    public void read(long offset, float[] target, int at, int length) {
        Objects.checkFromIndexSize(offset, length, elements);
        if (floats != null) {
            floats.get((int) offset, target, at, length);
        } else if (type == ElementType.BFLOAT16) {
            for (int i = 0; i < length; i++) {
                target[at + i] = Bfloat16.toFloat(halves().get((int) offset + i));
            }
        } else if (length > 0) {
            try (PointerScope scope = new PointerScope()) {
                open().narrow(0, offset, length).data_ptr_float().get(target, at, length);
            }
        }
    }

    @Override
    public void write(long offset, float[] source, int at, int length) {
        Objects.checkFromIndexSize(offset, length, elements);
        if (floats != null) {
            floats.put((int) offset, source, at, length);
        } else if (type == ElementType.BFLOAT16) {
            for (int i = 0; i < length; i++) {
                halves().put((int) offset + i, Bfloat16.of(source[at + i]));
            }
        } else if (length > 0) {
            try (PointerScope scope = new PointerScope()) {
                FloatPointer copy = new FloatPointer((long) length);
                copyIn(offset, length, copy.put(source, at, length), torch.ScalarType.Float);
            }
        }
    }

    @Override
    public void read(long offset, double[] target, int length) {
        Objects.checkFromIndexSize(offset, length, elements);
        if (doubles != null) {
            doubles.get((int) offset, target, 0, length);
        } else {
            try (PointerScope scope = new PointerScope()) {
                open().narrow(0, offset, length).data_ptr_double().get(target, 0, length);
            }
        }
    }

    @Override
    public void write(long offset, double[] source, int length) {
        Objects.checkFromIndexSize(offset, length, elements);
        if (doubles != null) {
            doubles.put((int) offset, source, 0, length);
        } else {
            try (PointerScope scope = new PointerScope()) {
                DoublePointer copy = new DoublePointer((long) length);
                copyIn(offset, length, copy.put(source, 0, length), torch.ScalarType.Double);
            }
        }
    }

    private void copyIn(long offset, int length, Pointer host, torch.ScalarType scalar) {
        Tensor source = torch.from_blob(host, new long[] {length}, new TensorOptions(scalar));
        open().narrow(0, offset, length).copy_(source);
    }

    @Override
    public void zero() {
        try (PointerScope scope = new PointerScope()) {
            open().zero_();
        }
    }

    @Override
    public void close() {
        if (tensor != null) {
            tensor.close();
            tensor = null;
            pointer = null;
            floats = null;
            halves = null;
            pairs = null;
            doubles = null;
        }
    }
}
