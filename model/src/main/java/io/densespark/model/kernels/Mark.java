package io.densespark.model.kernels;

/** A point in the order of passes, and when they came there; {@link Kernels#mark} makes it. */
public interface Mark extends AutoCloseable {
    /** Waits until the passes have come here; the seconds that they took since they came to {@code earlier}. */
    double secondsSince(Mark earlier);

    /** Says that nobody asks it any more; one that isn't closed goes with its backend. */
    @Override
    void close();
}
