/**
 * Checkpoints on any Hadoop file system: what a run needs to go on as if it had never stopped. Ranks write them, the
 * driver decides which one counts and removes old ones.
 */
package io.densespark.spark.checkpoint;
