/**
 * Files on any Hadoop file system, written whole or not at all, and read with errors that say what is wrong: checkpoints, model
 * folders, results, outputs at places that users name.
 *
 * <p>There is one way to write a file, {@link io.densespark.data.files.StagedFile}, and one to read one, {@link
 * io.densespark.spark.store.StoredFile}; whoever writes or reads files of a user enters there: training, evaluation,
 * TensorBoard's event files, the exchange of models, the benchmarks' reports. Training enters by {@link
 * io.densespark.spark.store.CheckpointStore} and {@link io.densespark.spark.store.ResultsCsv} too, and everybody who has a model
 * by {@link io.densespark.spark.store.ModelFolder}. The formats are in docs/formats.md.
 */
package io.densespark.spark.store;
