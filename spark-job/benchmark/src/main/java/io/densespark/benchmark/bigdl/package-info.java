/**
 * Training steps beside real BigDL, which runs in a JVM of its own. The command line enters by {@link
 * io.densespark.benchmark.bigdl.BigDlBenchmark}.
 */
package io.densespark.benchmark.bigdl;
