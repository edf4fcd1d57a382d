/**
 * Data-parallel training: the driver's side ({@link io.densespark.spark.train.TrainJob}), which owns attempts and
 * results, and the ranks' side, which trains one replica each in a barrier stage. The command line enters, and Spark ML's
 * estimator.
 */
package io.densespark.spark.train;
