/** Event files that TensorBoard reads, on any Hadoop file system. The trainer enters. */
package io.densespark.spark.tensorboard;
