package io.densespark.data.shard;

import io.densespark.data.ImageShape;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;

/** Hands an {@link ImageRow} to Parquet, column by column of {@link ShardSchema#ALL}. */
final class ImageWriteSupport extends WriteSupport<ImageRow> {
    private final ImageShape shape;
    private RecordConsumer consumer;

    ImageWriteSupport(ImageShape shape) {
        this.shape = shape;
    }

    @Override
    public WriteContext init(Configuration conf) {
        return new WriteContext(ShardSchema.ALL, Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
        consumer = recordConsumer;
    }

    @Override
    public void write(ImageRow row) {
        consumer.startMessage();
        addImage(row.pixels());
        addInteger(ShardSchema.HEIGHT, shape.height());
        addInteger(ShardSchema.WIDTH, shape.width());
        addInteger(ShardSchema.CHANNELS, shape.channels());
        addInteger(ShardSchema.LABEL, row.label());
        startField(ShardSchema.ID);
        consumer.addLong(row.id());
        endField(ShardSchema.ID);
        consumer.endMessage();
    }

    private void addImage(byte[] pixels) {
        startField(ShardSchema.IMAGE);
        consumer.addBinary(Binary.fromReusedByteArray(pixels, 0, shape.bytes()));
        endField(ShardSchema.IMAGE);
    }

    private void addInteger(String column, int value) {
        startField(column);
        consumer.addInteger(value);
        endField(column);
    }

    private void startField(String column) {
        consumer.startField(column, ShardSchema.ALL.getFieldIndex(column));
    }

    private void endField(String column) {
        consumer.endField(column, ShardSchema.ALL.getFieldIndex(column));
    }
}
