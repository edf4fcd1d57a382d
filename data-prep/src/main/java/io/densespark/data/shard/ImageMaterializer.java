package io.densespark.data.shard;

import io.densespark.data.DataException;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;

/**
 * Receives rows from Parquet, value by value, and puts them straight into a {@link DecodedShard}, without an object per
 * row. Checks each value; the record it gives is the shard itself, filled so far.
 */
final class ImageMaterializer extends RecordMaterializer<DecodedShard> {
    private final DecodedShard into;
    private final ShardFormat format;
    private final MessageType columns;
    private final Path file;
    private final Root root = new Root();
    private int row;

    ImageMaterializer(DecodedShard into, ShardFormat format, Path file) {
        this.into = into;
        this.format = format;
        this.columns = ShardSchema.read(format);
        this.file = file;
    }

    @Override
    public DecodedShard getCurrentRecord() {
        return into;
    }

    @Override
    public GroupConverter getRootConverter() {
        return root;
    }

    private DataException wrong(String column, String found) {
        return new DataException(
                file + " is damaged, row " + row + " has " + column + " " + found + ": run prepare again");
    }

    private final class Root extends GroupConverter {
        @Override
        public Converter getConverter(int field) {
            String column = columns.getFieldName(field);
            return switch (column) {
                case ShardSchema.IMAGE -> new Image();
                case ShardSchema.HEIGHT -> new Size(column, into.shape().height());
                case ShardSchema.WIDTH -> new Size(column, into.shape().width());
                case ShardSchema.CHANNELS -> new Size(column, into.shape().channels());
                case ShardSchema.LABEL -> new Label();
                case ShardSchema.LABELS -> new Labels();
                case ShardSchema.WEIGHT -> new Weight();
                default -> throw new IllegalArgumentException(column);
            };
        }

        @Override
        public void start() {}

        @Override
        public void end() {
            row++;
        }
    }

    private final class Image extends PrimitiveConverter {
        @Override
        public void addBinary(Binary value) {
            int bytes = into.shape().bytes();
            if (value.length() != bytes) {
                throw wrong(ShardSchema.IMAGE, "of " + value.length() + " bytes and not of " + bytes);
            }
            value.toByteBuffer().get(into.pixels(), row * bytes, bytes);
        }
    }

    private final class Size extends PrimitiveConverter {
        private final String column;
        private final int expected;

        Size(String column, int expected) {
            this.column = column;
            this.expected = expected;
        }

        @Override
        public void addInt(int value) {
            if (value != expected) {
                throw wrong(column, value + " and not " + expected);
            }
        }
    }

    private final class Label extends PrimitiveConverter {
        @Override
        public void addInt(int value) {
            if (value < 0 || value >= format.classes()) {
                throw wrong(ShardSchema.LABEL, value + ", which is not in 0 to " + (format.classes() - 1));
            }
            into.labels()[row] = value;
        }
    }

    private final class Labels extends PrimitiveConverter {
        @Override
        public void addBinary(Binary value) {
            if (value.length() != format.classes()) {
                throw wrong(ShardSchema.LABELS, "of " + value.length() + " bytes and not of " + format.classes());
            }
            byte[] labels = value.getBytes();
            for (int c = 0; c < labels.length; c++) {
                byte label = labels[c];
                if (label < -1 || label > 1) {
                    throw wrong(ShardSchema.LABELS, "with " + label + ", which is none of 1, 0 and -1");
                }
                into.multiLabels()[row * format.classes() + c] = label;
            }
        }
    }

    private final class Weight extends PrimitiveConverter {
        @Override
        public void addFloat(float value) {
            if (!Float.isFinite(value) || value < 0) {
                throw wrong(ShardSchema.WEIGHT, value + ", which is no weight");
            }
            into.weights()[row] = value;
        }
    }
}
