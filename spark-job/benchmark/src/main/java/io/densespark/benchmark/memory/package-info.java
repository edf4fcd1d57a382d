/**
 * Planned and allocated memory of feature maps against depth. The command line enters by {@link
 * io.densespark.benchmark.memory.MemoryBenchmark}.
 */
package io.densespark.benchmark.memory;
