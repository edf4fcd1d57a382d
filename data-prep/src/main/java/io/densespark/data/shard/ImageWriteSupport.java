package io.densespark.data.shard;

import io.densespark.data.ImageShape;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;

/** Hands an {@link ImageRow} to Parquet, column by column of {@link ShardSchema#ALL}. */
final class ImageWriteSupport extends WriteSupport<ImageRow> {
    private final ImageShape shape;
    private Optional<RecordConsumer> consumer = Optional.empty();

    ImageWriteSupport(ImageShape shape) {
        this.shape = shape;
    }

    @Override
    public WriteContext init(Configuration conf) {
        return new WriteContext(ShardSchema.ALL, Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
        consumer = Optional.of(recordConsumer);
    }

    @Override
    public void write(ImageRow row) {
        RecordConsumer out = consumer.orElseThrow();
        out.startMessage();
        startField(out, ShardSchema.IMAGE);
        out.addBinary(Binary.fromReusedByteArray(row.pixels(), 0, shape.bytes()));
        endField(out, ShardSchema.IMAGE);
        addInteger(out, ShardSchema.HEIGHT, shape.height());
        addInteger(out, ShardSchema.WIDTH, shape.width());
        addInteger(out, ShardSchema.CHANNELS, shape.channels());
        addInteger(out, ShardSchema.LABEL, row.label());
        startField(out, ShardSchema.ID);
        out.addLong(row.id());
        endField(out, ShardSchema.ID);
        out.endMessage();
    }

    private static void addInteger(RecordConsumer out, String column, int value) {
        startField(out, column);
        out.addInteger(value);
        endField(out, column);
    }

    private static void startField(RecordConsumer out, String column) {
        out.startField(column, ShardSchema.ALL.getFieldIndex(column));
    }

    private static void endField(RecordConsumer out, String column) {
        out.endField(column, ShardSchema.ALL.getFieldIndex(column));
    }
}
