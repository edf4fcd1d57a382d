/**
 * Preparation: an image source in, a folder of Parquet shards and a {@code dataset.json} out, all or nothing. Sources of pixels
 * ({@link io.densespark.data.prepare.Prepare}) are prepared on the calling thread, sources of records ({@link
 * io.densespark.data.prepare.RecordsPrepare}) by Spark's tasks.
 *
 * <p>Entered by the command line, once per data set, before any training.
 */
package io.densespark.data.prepare;
