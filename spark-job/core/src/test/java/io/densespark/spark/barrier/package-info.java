/** Barrier jobs in one JVM, and in real executor processes. */
package io.densespark.spark.barrier;
