package io.densespark.spark.rank;

import io.densespark.data.batch.ImageBatch;
import io.densespark.model.replica.Pixels;
import io.densespark.model.tensor.ByteTable;

/** From a loader's batches to a replica. */
public final class BatchPixels {
    private BatchPixels() {}

    /** The images of a batch; valid as long as the batch is. */
    public static Pixels of(ImageBatch batch) {
        return batch.byteTable()
                .map(table -> Pixels.of(batch.bytes(), new ByteTable(table)))
                .orElseGet(() -> Pixels.of(batch.pixels()));
    }
}
