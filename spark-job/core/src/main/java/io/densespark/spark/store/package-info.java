/**
 * Files that a run leaves on any Hadoop file system: checkpoints, model folders, results; each is written whole or not at
 * all. Training, evaluation and the exchange of models enter.
 */
package io.densespark.spark.store;
