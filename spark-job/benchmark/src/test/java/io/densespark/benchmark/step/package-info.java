/** Tests of the benchmarks. */
package io.densespark.benchmark.step;
