package io.densespark.model.kernels;

/** Passes that are run again and again on the same memory; {@link Kernels#record} makes them. */
public interface Program extends AutoCloseable {
    /** Runs them once, on the values that the memory has now. */
    void run();

    /** Frees what the recording holds; the memory isn't its own. */
    @Override
    void close();
}
