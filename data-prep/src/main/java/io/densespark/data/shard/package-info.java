/**
 * The Parquet shards of a prepared data set: their columns, one writer, one reader.
 *
 * <p>Entered by {@code prepare} to write and by {@code batch} to read. {@code records} apart, which looks at the notes in
 * others' files, Parquet is known to this package only.
 */
package io.densespark.data.shard;
