/**
 * Training steps taken and timed in processes of their own, so that neither memory nor thread pools of one implementation
 * disturb another. The benchmarks of {@code replica}, {@code bigdl} and {@code pass} enter: a {@link
 * io.densespark.benchmark.step.StepFolder} holds the files of a benchmark's processes and starts them, a {@link
 * io.densespark.benchmark.step.StepProcess} answers what it is asked. The process that starts them loads no libtorch.
 */
package io.densespark.benchmark.step;
