/**
 * Event files that TensorBoard reads, on any Hadoop file system. The trainer enters by {@link
 * io.densespark.spark.tensorboard.EventFile}; nothing of a run is known here, only times, steps, tags and values.
 */
package io.densespark.spark.tensorboard;
