/** Measures a model on a split of a data set, spread over the cluster. The command line and the trainer enter. */
package io.densespark.spark.evaluate;
