package io.densespark.spark.train;

import io.densespark.data.DataException;
import io.densespark.data.ImageShape;
import io.densespark.data.batch.ImageSetBuilder;
import io.densespark.data.batch.ImageSpool;
import io.densespark.data.prepare.ChannelStatistics;
import io.densespark.spark.rank.Rank;
import java.util.Iterator;
import org.apache.spark.sql.Row;

/**
 * Rows of a DataFrame, decoded: each rank holds those of its own partition, and trains on each once an epoch. Its order
 * depends on the images that it holds, not on the order in which they came.
 */
final class RowFeeder implements Feeder {
    private final ImageShape shape;

    RowFeeder(ImageShape shape) {
        this.shape = shape;
    }

    @Override
    public boolean hasShortBatch() {
        return false;
    }

    @Override
    public boolean hasOneOrder() {
        return false;
    }

    @Override
    public RankImages open(Rank rank) {
        ImageSpool spool = new ImageSpool(rank.heapForImages(), rank.localFolder());
        try {
            return read(rank.rows(), spool);
        } catch (RuntimeException e) {
            spool.close();
            throw e;
        }
    }

    private RankImages read(Iterator<Row> rows, ImageSpool spool) {
        ImageSetBuilder training = new ImageSetBuilder(shape, spool);
        ImageSetBuilder validation = new ImageSetBuilder(shape, spool);
        ChannelStatistics statistics = new ChannelStatistics(shape);
        while (rows.hasNext()) {
            Row row = rows.next();
            if (!row.getString(TrainingRows.ERROR).isEmpty()) {
                throw new DataException(row.getString(TrainingRows.ERROR));
            }
            byte[] pixels = row.getAs(TrainingRows.PIXELS);
            int label = row.getInt(TrainingRows.LABEL);
            float weight = row.getFloat(TrainingRows.WEIGHT);
            if (row.getBoolean(TrainingRows.VALIDATION)) {
                validation.add(pixels, label, weight);
            } else {
                training.add(pixels, label, weight);
                statistics.add(pixels);
            }
        }
        return new RowImages(shape, spool, training, validation, statistics);
    }
}
