/**
 * A training step at each recompute level beside other implementations of the same network. The command line enters by
 * {@link io.densespark.benchmark.replica.ReplicaBenchmark}, and for a GPU by {@link io.densespark.benchmark.replica.GpuCheck}. PyTorch runs by a Python script beside this package.
 */
package io.densespark.benchmark.replica;
