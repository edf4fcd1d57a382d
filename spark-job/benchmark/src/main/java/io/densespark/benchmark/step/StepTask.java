package io.densespark.benchmark.step;

/**
 * What a process is told to run, as a JSON file that Java and Python read.
 *
 * @param implementation its key
 * @param layout its key
 * @param level what DenseSpark keeps, as users write it; null for the others
 * @param threads workers, or threads of the library
 * @param profile whether to measure each kernel; only DenseSpark does
 * @param natives folder in which the library may be unpacked
 * @param learningRate of the optimizer, as are the next two
 * @param toy a tiny network, stepped first: it loads the library and wakes JIT and heap
 * @param problem the network that is measured
 */
record StepTask(
        String implementation,
        String layout,
        String level,
        int threads,
        boolean profile,
        String natives,
        double learningRate,
        double momentum,
        double weightDecay,
        Problem toy,
        Problem problem) {}
