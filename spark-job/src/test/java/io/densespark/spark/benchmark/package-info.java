/** Tests of the benchmarks. */
package io.densespark.spark.benchmark;
