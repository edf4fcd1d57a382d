/**
 * Data sets for training: what a prepared data set is ({@link io.densespark.data.DatasetDescription}, the file
 * {@code dataset.json}) and how a problem with data is reported ({@link io.densespark.data.DataException}).
 *
 * <p>The packages below go one way: {@code source} reads what others publish as pixels, {@code records} finds encoded images,
 * {@code prepare} turns both into Parquet shards through {@code shard}, and {@code batch} reads shards back and makes training
 * batches, changed at random by {@code augment}. {@code files} is below all of them, and {@code decode}, which turns encoded
 * images into pixels, knows none of them. Any code may use this package; nothing in this module knows the model, and Spark is
 * known to {@code records} and {@code prepare} only.
 */
package io.densespark.data;
