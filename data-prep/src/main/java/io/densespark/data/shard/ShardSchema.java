package io.densespark.data.shard;

import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import io.densespark.data.DataException;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * The columns of a shard, all required.
 *
 * <ul>
 *   <li>{@code image}, binary: {@code [H, W, C]}, row-major, one unsigned byte for each value
 *   <li>{@code height}, {@code width}, {@code channels}, int32: H, W and C, the same in every row
 *   <li>{@code label}, int32: index into the data set's classes
 *   <li>{@code id}, int64: the image's position in its split of the source, from 0
 * </ul>
 */
final class ShardSchema {
    static final String IMAGE = "image";
    static final String HEIGHT = "height";
    static final String WIDTH = "width";
    static final String CHANNELS = "channels";
    static final String LABEL = "label";
    static final String ID = "id";

    static final MessageType ALL = Types.buildMessage()
            .required(BINARY)
            .named(IMAGE)
            .required(INT32)
            .named(HEIGHT)
            .required(INT32)
            .named(WIDTH)
            .required(INT32)
            .named(CHANNELS)
            .required(INT32)
            .named(LABEL)
            .required(INT64)
            .named(ID)
            .named("image");

    /** What training reads: everything but the id. */
    static final MessageType READ = new MessageType(
            ALL.getName(),
            ALL.getFields().stream()
                    .filter(column -> !column.getName().equals(ID))
                    .toList());

    private ShardSchema() {}

    /** Refuses a file that lacks a column, or has it with another type. Columns of its own are no harm. */
    static void requireColumns(MessageType schema, Path file) {
        for (Type column : ALL.getFields()) {
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
