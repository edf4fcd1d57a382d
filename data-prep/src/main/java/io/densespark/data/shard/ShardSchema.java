package io.densespark.data.shard;

import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FLOAT;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import io.densespark.data.DataException;
import io.densespark.data.LabelKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * The columns of a shard, all required.
 *
 * <ul>
 *   <li>{@code image}, binary: {@code [H, W, C]}, row-major, one unsigned byte for each value, or two, the lower one first; of
 *       encoded images their own files
 *   <li>{@code height}, {@code width}, {@code channels}, int32: H, W and C, the same in every row; of encoded images H and W as
 *       decoded, upright, each image's own
 *   <li>{@code label}, int32, where an image has one class: index into the data set's classes; otherwise {@code labels},
 *       binary: a signed byte for each class, 1 where the image shows it, 0 where not, -1 where that is unknown
 *   <li>{@code id}, int64: the image's position in its split, from 0
 *   <li>{@code key}, string: the image's name in the source
 *   <li>{@code weight}, float, if the data set has weights
 * </ul>
 */
final class ShardSchema {
    static final String IMAGE = "image";
    static final String HEIGHT = "height";
    static final String WIDTH = "width";
    static final String CHANNELS = "channels";
    static final String LABEL = "label";
    static final String LABELS = "labels";
    static final String ID = "id";
    static final String KEY = "key";
    static final String WEIGHT = "weight";

    private ShardSchema() {}

    static MessageType all(ShardFormat format) {
        List<Type> columns = new ArrayList<>();
        columns.add(Types.required(BINARY).named(IMAGE));
        columns.add(Types.required(INT32).named(HEIGHT));
        columns.add(Types.required(INT32).named(WIDTH));
        columns.add(Types.required(INT32).named(CHANNELS));
        columns.add(
                format.labels() == LabelKind.CLASS
                        ? Types.required(INT32).named(LABEL)
                        : Types.required(BINARY).named(LABELS));
        columns.add(Types.required(INT64).named(ID));
        columns.add(
                Types.required(BINARY).as(LogicalTypeAnnotation.stringType()).named(KEY));
        if (format.weighted()) {
            columns.add(Types.required(FLOAT).named(WEIGHT));
        }
        return new MessageType(IMAGE, columns);
    }

    /** What training reads: everything but where an image came from. */
    static MessageType read(ShardFormat format) {
        MessageType all = all(format);
        return new MessageType(
                all.getName(),
                all.getFields().stream()
                        .filter(column -> !Set.of(ID, KEY).contains(column.getName()))
                        .toList());
    }

    /** What training reads of encoded images of one class each: image and label, in this order. */
    static MessageType encoded() {
        return new MessageType(
                IMAGE,
                Types.required(BINARY).named(IMAGE),
                Types.required(INT32).named(LABEL));
    }

    /** Refuses a file that lacks a column, or has it with another type. Columns of its own are no harm. */
    static void requireColumns(MessageType schema, ShardFormat format, Path file) {
        for (Type column : all(format).getFields()) {
            if (!schema.containsField(column.getName())) {
                throw new DataException(
                        file + " has no column '" + column.getName() + "': it is not a shard, run prepare again");
            }
            Type found = schema.getType(column.getName());
            PrimitiveType.PrimitiveTypeName type = column.asPrimitiveType().getPrimitiveTypeName();
            if (!found.isPrimitive()
                    || found.asPrimitiveType().getPrimitiveTypeName() != type
                    || !found.isRepetition(Type.Repetition.REQUIRED)) {
                throw new DataException(file + " has column '" + column.getName() + "' as '" + found + "' and not as '"
                        + column + "': it is not a shard, run prepare again");
            }
        }
    }
}
