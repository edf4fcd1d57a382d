/**
 * What a replica costs: {@link io.densespark.benchmark.step.ReplicaBenchmark} measures time and memory of a training step
 * beside other implementations of the same network, {@link io.densespark.benchmark.bigdl.BigDlBenchmark} beside real BigDL,
 * {@link io.densespark.benchmark.memory.MemoryBenchmark} plans feature maps against depth. The command line enters here.
 * What a cluster gives is measured by {@link io.densespark.benchmark.cluster}.
 *
 * <p>Each implementation runs in a process of its own ({@link io.densespark.benchmark.step.StepMain}, a Python script
 * beside this package, or the module {@code runtime-bigdl}), so that neither memory nor thread pools of one disturb
 * another. The process that starts them loads no libtorch.
 */
package io.densespark.benchmark.step;
