/**
 * Preparation: an image source in, a folder of Parquet shards and a {@code dataset.json} out, all or nothing.
 *
 * <p>Entered by the command line, once per data set, before any training.
 */
package io.densespark.data.prepare;
