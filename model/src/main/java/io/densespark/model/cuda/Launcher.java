package io.densespark.model.cuda;

import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/** Starts the kernels of {@code passes.cu} on a stream. Used by one thread at a time. */
final class Launcher implements AutoCloseable {
    private static final int MOST_ARGUMENTS = 16;

    private final PassModule module;
    private final CUstream_st stream;
    /** A slot of 8 bytes for each argument; the driver reads as many of them as the argument has, and copies them. */
    private final LongPointer slots = new LongPointer(MOST_ARGUMENTS);

    private final PointerPointer<Pointer> arguments = new PointerPointer<>(MOST_ARGUMENTS);

    Launcher(PassModule module, Stream stream) {
        this.module = module;
        this.stream = stream.handle();
        for (int i = 0; i < MOST_ARGUMENTS; i++) {
            arguments.put(i, slots.getPointer(LongPointer.class, i));
        }
    }

    /**
     * Starts a pass.
     *
     * @param numbers of its matrices
     * @param width columns that a thread takes at once
     * @param values its arguments in order: addresses and whole numbers as they are, others by {@link #bits}
     */
    void launch(Pass pass, Numbers numbers, Width width, Grid grid, long... values) {
        for (int i = 0; i < values.length; i++) {
            slots.put(i, values[i]);
        }
        int status = cudart.cuLaunchKernel(
                module.of(pass, numbers, width),
                grid.blocksX(),
                grid.blocksY(),
                1,
                grid.threadsX(),
                grid.threadsY(),
                1,
                0,
                stream,
                arguments,
                null);
        if (status != 0) {
            Status.driver(status, "starting its kernel " + pass.kernel(numbers, width));
        }
    }

    /** Starts a pass that takes one column, or element, at a time. */
    void launch(Pass pass, Numbers numbers, Grid grid, long... values) {
        launch(pass, numbers, Width.ONE, grid, values);
    }

    /** Starts a pass that has one form only. */
    void launch(Pass pass, Grid grid, long... values) {
        launch(pass, Numbers.FLOAT, grid, values);
    }

    static long bits(float value) {
        return Float.floatToRawIntBits(value);
    }

    static long bits(double value) {
        return Double.doubleToRawLongBits(value);
    }

    @Override
    public void close() {
        arguments.close();
        slots.close();
    }
}
