/**
 * What a replica may use, and whether the cluster gives it: slots, memory, the GPU of a task. The command line, training,
 * evaluation and benchmarks enter.
 */
package io.densespark.spark.resources;
