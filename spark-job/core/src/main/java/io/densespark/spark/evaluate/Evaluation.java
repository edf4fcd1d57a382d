package io.densespark.spark.evaluate;

import io.densespark.data.batch.BatchLoader;
import io.densespark.data.batch.ImageBatch;
import io.densespark.model.replica.BatchResult;
import io.densespark.model.replica.Replica;
import io.densespark.spark.rank.BatchPixels;
import java.util.Optional;

/** One replica's pass over some images, in evaluation mode. */
public final class Evaluation {
    private Evaluation() {}

    /** Evaluates all batches that {@code loader} has left. */
    public static BatchResult of(Replica replica, BatchLoader loader) throws InterruptedException {
        BatchResult total = BatchResult.EMPTY;
        for (Optional<ImageBatch> next = loader.next(); next.isPresent(); next = loader.next()) {
            ImageBatch batch = next.get();
            total = total.plus(replica.evaluate(BatchPixels.of(batch), batch.labels(), batch.weights(), batch.count()));
        }
        return total;
    }
}
