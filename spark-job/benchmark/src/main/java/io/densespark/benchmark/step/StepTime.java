package io.densespark.benchmark.step;

/**
 * A process' answer to {@value StepProcess#STEP}.
 *
 * @param seconds of the step
 * @param loss the mean loss before it
 */
record StepTime(double seconds, double loss) {}
