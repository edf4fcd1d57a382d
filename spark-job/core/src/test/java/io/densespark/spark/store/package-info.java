/** Checkpoints on a local file system. */
package io.densespark.spark.store;
