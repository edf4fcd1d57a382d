package io.densespark.data.shard;

import io.densespark.data.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;

/** Receives rows of {@link ShardSchema#encoded} from Parquet, and keeps those that are wanted; its record is all of them so far. */
final class EncodedMaterializer extends RecordMaterializer<List<EncodedImage>> {
    private final List<EncodedImage> kept = new ArrayList<>();
    private final IntPredicate wanted;
    private final int classes;
    private final Path file;
    private final Root root = new Root();
    private int row;
    private byte[] image = {};
    private int label;

    EncodedMaterializer(IntPredicate wanted, int classes, Path file) {
        this.wanted = wanted;
        this.classes = classes;
        this.file = file;
    }

    @Override
    public List<EncodedImage> getCurrentRecord() {
        return kept;
    }

    @Override
    public GroupConverter getRootConverter() {
        return root;
    }

    private final class Root extends GroupConverter {
        @Override
        public Converter getConverter(int field) {
            return field == 0 ? new Image() : new Label();
        }

        @Override
        public void start() {}

        @Override
        public void end() {
            if (wanted.test(row)) {
                kept.add(new EncodedImage(row, label, image));
            }
            row++;
        }
    }

    private final class Image extends PrimitiveConverter {
        @Override
        public void addBinary(Binary value) {
            if (wanted.test(row)) {
                image = value.getBytes();
            }
        }
    }

    private final class Label extends PrimitiveConverter {
        @Override
        public void addInt(int value) {
            if (value < 0 || value >= classes) {
                throw new DataException(file + " is damaged, row " + row + " of a row group has label " + value
                        + ", which is not in 0 to " + (classes - 1) + ": run prepare again");
            }
            label = value;
        }
    }
}
