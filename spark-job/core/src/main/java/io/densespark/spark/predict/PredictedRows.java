package io.densespark.spark.predict;

import io.densespark.model.replica.Inference;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.sql.Row;

/**
 * A partition's rows with their predictions, in their order. While the replica computes a batch, the next one is read and
 * decoded.
 */
final class PredictedRows implements Iterator<Row> {
    private static final Inference NOTHING = new Inference(new float[0], new float[0]);

    private final Iterator<Row> rows;
    private final BatchFiller filler;
    private final TaskReplica replica;
    private final OutputRow output;
    private final Queue<Row> ready = new ArrayDeque<>();
    private PredictBatch current;
    private byte[] spare;

    PredictedRows(Iterator<Row> rows, BatchFiller filler, TaskReplica replica, OutputRow output) {
        this.rows = rows;
        this.filler = filler;
        this.replica = replica;
        this.output = output;
        spare = filler.newPixels();
        current = submit(filler.newPixels());
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty() && current.size() > 0) {
            advance();
        }
        return !ready.isEmpty();
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ready.remove();
    }

    private void advance() {
        PredictBatch batch = current;
        current = submit(spare);
        Inference inference = batch.images() > 0 ? replica.await() : NOTHING;
        for (int i = 0; i < batch.size(); i++) {
            Row row = batch.row(i);
            ready.add(
                    batch.hasImage(i)
                            ? output.of(row, inference, batch.images(), batch.place(i))
                            : output.withoutPrediction(row));
        }
        spare = batch.pixels();
    }

    private PredictBatch submit(byte[] pixels) {
        PredictBatch batch = filler.fill(rows, pixels);
        if (batch.images() > 0) {
            replica.submit(pixels, batch.images());
        }
        return batch;
    }
}
