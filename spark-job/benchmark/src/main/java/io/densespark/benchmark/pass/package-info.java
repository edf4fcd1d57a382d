/**
 * Each pass of a replica on CPU by itself, timed by JMH. The command enters {@link io.densespark.benchmark.pass.PassRun};
 * JMH, in a JVM of its own, enters {@link io.densespark.benchmark.pass.PassBenchmark}.
 */
package io.densespark.benchmark.pass;
