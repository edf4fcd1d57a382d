package io.densespark.data.shard;

import io.densespark.data.ImageShape;
import io.densespark.data.LabelKind;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;

/** Hands an {@link ImageRow} to Parquet, column by column of {@link ShardSchema#all}. */
final class ImageWriteSupport extends WriteSupport<ImageRow> {
    private final ShardFormat format;
    private final MessageType schema;
    private Optional<RecordConsumer> consumer = Optional.empty();

    ImageWriteSupport(ShardFormat format) {
        this.format = format;
        schema = ShardSchema.all(format);
    }

    @Override
    public WriteContext init(Configuration conf) {
        return new WriteContext(schema, Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
        consumer = Optional.of(recordConsumer);
    }

    @Override
    public void write(ImageRow row) {
        RecordConsumer out = consumer.orElseThrow();
        ImageShape shape = format.shape();
        out.startMessage();
        int bytes = format.encoded() ? row.image().length : shape.bytes();
        addBinary(out, ShardSchema.IMAGE, Binary.fromReusedByteArray(row.image(), 0, bytes));
        addInteger(out, ShardSchema.HEIGHT, format.encoded() ? row.height() : shape.height());
        addInteger(out, ShardSchema.WIDTH, format.encoded() ? row.width() : shape.width());
        addInteger(out, ShardSchema.CHANNELS, shape.channels());
        if (format.labels() == LabelKind.CLASS) {
            addInteger(out, ShardSchema.LABEL, row.label());
        } else {
            addBinary(out, ShardSchema.LABELS, Binary.fromConstantByteArray(row.labels()));
        }
        startField(out, ShardSchema.ID);
        out.addLong(row.id());
        endField(out, ShardSchema.ID);
        addBinary(out, ShardSchema.KEY, Binary.fromString(row.key()));
        if (format.weighted()) {
            startField(out, ShardSchema.WEIGHT);
            out.addFloat(row.weight());
            endField(out, ShardSchema.WEIGHT);
        }
        out.endMessage();
    }

    private void addBinary(RecordConsumer out, String column, Binary value) {
        startField(out, column);
        out.addBinary(value);
        endField(out, column);
    }

    private void addInteger(RecordConsumer out, String column, int value) {
        startField(out, column);
        out.addInteger(value);
        endField(out, column);
    }

    private void startField(RecordConsumer out, String column) {
        out.startField(column, schema.getFieldIndex(column));
    }

    private void endField(RecordConsumer out, String column) {
        out.endField(column, schema.getFieldIndex(column));
    }
}
