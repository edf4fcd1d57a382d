/** Tests of the benchmark of a cluster. */
package io.densespark.benchmark.cluster;
