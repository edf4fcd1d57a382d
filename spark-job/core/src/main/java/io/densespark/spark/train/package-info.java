/**
 * Data-parallel training: the driver's side ({@link io.densespark.spark.train.TrainJob}), which owns attempts and
 * results, and the ranks' side, which trains one replica each in a barrier stage. The command line enters, and Spark ML's
 * estimator; the benchmark of a cluster by {@link io.densespark.spark.train.StepCheckpoints}, to measure what they cost.
 */
package io.densespark.spark.train;
