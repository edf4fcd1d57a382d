package io.densespark.model.kernels;

/** Passes that are called anew at each run. */
record CalledPasses(Runnable passes) implements Program {
    @Override
    public void run() {
        passes.run();
    }

    @Override
    public void close() {}
}
