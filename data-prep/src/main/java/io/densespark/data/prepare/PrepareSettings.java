package io.densespark.data.prepare;

import io.densespark.data.DataException;

/**
 * How to prepare a data set.
 *
 * <p>Making one throws {@link DataException} if {@code rowsPerShard} is below 1.
 *
 * @param rowsPerShard images in each Parquet file but the last of a split, at least 1
 * @param overwrite whether a data set already at the output may be replaced; anything else there never is
 */
public record PrepareSettings(int rowsPerShard, boolean overwrite) {
    public static final int DEFAULT_ROWS_PER_SHARD = 5000;

    public PrepareSettings {
        if (rowsPerShard < 1) {
            throw new DataException(
                    "rows per shard is " + rowsPerShard + ": give at least 1, such as " + DEFAULT_ROWS_PER_SHARD);
        }
    }
}
