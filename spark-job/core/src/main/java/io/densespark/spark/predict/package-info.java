/**
 * From a trained model to predictions on a DataFrame. {@link io.densespark.spark.predict.Predictor} appends columns to a
 * Dataset, batch or streaming; {@link io.densespark.spark.predict.ImageColumn} says what may be in the column of the
 * images; {@link io.densespark.spark.predict.BroadcastModel} is the model on its way to the executors; {@link
 * io.densespark.spark.predict.ImageClassifier} predicts where Spark asks for values one by one. The command line, Spark ML's
 * transformers and SQL's functions enter.
 *
 * <p>On an executor, all tasks of a process that use the same model share one replica for each device. It is used by a
 * thread of its own, to which tasks give batches, and outlives them for a while: a stream's next micro-batch finds it.
 */
package io.densespark.spark.predict;
