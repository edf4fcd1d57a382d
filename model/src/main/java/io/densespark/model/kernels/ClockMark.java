package io.densespark.model.kernels;

/** The time by the clock, for passes that are done when their call returns. */
record ClockMark(long nanos) implements Mark {
    static ClockMark now() {
        return new ClockMark(System.nanoTime());
    }

    @Override
    public double secondsSince(Mark earlier) {
        if (!(earlier instanceof ClockMark start)) {
            throw new IllegalArgumentException("marks of two devices");
        }
        return (nanos - start.nanos) / 1e9;
    }

    @Override
    public void close() {}
}
