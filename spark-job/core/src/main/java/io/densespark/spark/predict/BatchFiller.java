package io.densespark.spark.predict;

import io.densespark.data.DataException;
import io.densespark.spark.JobException;
import io.densespark.spark.UserMessage;
import java.util.Iterator;
import org.apache.spark.sql.Row;

/** Makes batches of a partition's rows. */
final class BatchFiller {
    private final PredictPartition task;
    private final ImageReader reader;
    private final int imageBytes;
    private final int partition;
    private long position;

    BatchFiller(PredictPartition task, ImageReader reader, int imageBytes, int partition) {
        this.task = task;
        this.reader = reader;
        this.imageBytes = imageBytes;
        this.partition = partition;
    }

    /** Memory for the pixels of a batch. */
    byte[] newPixels() {
        return new byte[Math.multiplyExact(task.batch(), imageBytes)];
    }

    /**
     * The next rows; none if there are no more.
     *
     * @param pixels of {@link #newPixels}, which the batch uses
     * @throws JobException at a bad image, if such images are to fail the job, or if its file can't be reached
     */
    PredictBatch fill(Iterator<Row> rows, byte[] pixels) {
        PredictBatch batch = new PredictBatch(pixels, imageBytes);
        while (batch.size() < task.batch() && rows.hasNext()) {
            add(rows.next(), batch);
            position++;
        }
        task.counters().images().add(batch.images());
        return batch;
    }

    private void add(Row row, PredictBatch batch) {
        try {
            batch.add(row, reader.read(row));
        } catch (BadImageException e) {
            task.counters().bad().add(1);
            switch (task.onBadImage()) {
                case FAIL ->
                    throw new JobException(task.column().name(row, partition, position) + " is " + e.getMessage()
                            + ": give a good one, or go on without bad images (--on-bad or onBadImage, null or drop)");
                case NULL -> batch.addWithoutImage(row);
                case DROP -> {}
            }
        } catch (DataException e) {
            throw new JobException(UserMessage.of(e));
        }
    }
}
