package io.densespark.model.kernels;

import io.densespark.model.tensor.Allocator;
import io.densespark.model.tensor.Device;

/** A library on a device: its memory and its kernels. */
public interface Backend extends Allocator, AutoCloseable {
    Device device();

    Kernels kernels();

    /**
     * To be called once by each thread that will call {@link #kernels()}: keeps the library single-threaded on it, so that
     * workers don't wait for one another in the library's own pool.
     */
    void enterThread();

    /** Frees what the backend itself holds, after all memory that it gave; closing twice does nothing. */
    @Override
    void close();
}
