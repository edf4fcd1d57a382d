package io.densespark.benchmark.profile;

/**
 * What one kernel took in one part of the network, over all steps and threads.
 *
 * @param kernel the method of {@link io.densespark.model.kernels.Kernels}
 * @param part {@code stem}, {@code block 1} with the transition behind it, …, {@code head}; {@link #NO_PART} if it isn't
 *     known
 * @param parallel whether the workers ran it, at the same time
 * @param calls number of calls
 * @param seconds sum over the threads
 * @param bytes see {@link KernelWork}
 * @param flops see {@link KernelWork}
 */
public record KernelTime(
        String kernel, String part, boolean parallel, long calls, double seconds, long bytes, long flops) {
    /** What has no feature map: merging the workers' results, the optimizer. */
    static final String NO_PART = "-";

    /** Seconds of the step's own time: the workers run side by side. */
    double wallSeconds(int workers) {
        return parallel ? seconds / workers : seconds;
    }
}
