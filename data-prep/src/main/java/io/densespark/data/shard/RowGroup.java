package io.densespark.data.shard;

import io.densespark.data.Shard;

/**
 * A part of a shard that is read at a go.
 *
 * @param number of the row group in its shard, from 0
 * @param rows images in it, at least 1
 * @param bytes that its encoded images take together, as the file's footer has it
 */
public record RowGroup(Shard shard, int number, int rows, long bytes) {}
