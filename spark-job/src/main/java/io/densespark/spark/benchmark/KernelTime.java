package io.densespark.spark.benchmark;

/**
 * What one kernel took, on feature maps of one size, over all steps and threads.
 *
 * @param kernel the method of {@link io.densespark.model.kernels.Kernels}
 * @param maps size of the feature maps, as {@code 32x32}; {@code -} if it works on none
 * @param parallel whether the workers ran it, at the same time
 * @param calls number of calls
 * @param seconds sum over the threads
 * @param bytes of its matrices, each counted once a call; of its vectors where it has no matrix
 * @param flops of its products, two for each multiply-add; 0 for elementwise passes
 */
record KernelTime(String kernel, String maps, boolean parallel, long calls, double seconds, long bytes, long flops) {

    /** Seconds of the step's own time: the workers run side by side. */
    double wallSeconds(int workers) {
        return parallel ? seconds / workers : seconds;
    }
}
