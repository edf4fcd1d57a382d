package io.densespark.data.records;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * One image of a source, and what is told of it.
 *
 * @param key its name in the source, which no other has
 * @param path where it lies, unless the source holds it
 * @param image the encoded image, where the source holds it and was asked for it; not copied
 * @param present names of its classes
 * @param unknown names of the classes of which is unknown whether it shows them
 * @param split {@code train}, {@code validation} or {@code test}, where the source says so
 * @param group what it belongs to and is not to be parted from, such as a patient
 * @param weight how much it counts
 * @param problem why it can't be used, if so
 */
@SuppressWarnings("ArrayRecordComponent") // Records are never compared.
public record ImageRecord(
        String key,
        Optional<String> path,
        byte @Nullable [] image,
        List<String> present,
        List<String> unknown,
        Optional<String> split,
        Optional<String> group,
        Optional<Double> weight,
        Optional<String> problem) {
    /** Column by column, in the order of the components. */
    public static final StructType SCHEMA = new StructType()
            .add("key", DataTypes.StringType, false)
            .add("path", DataTypes.StringType, true)
            .add("image", DataTypes.BinaryType, true)
            .add("present", DataTypes.createArrayType(DataTypes.StringType, false), false)
            .add("unknown", DataTypes.createArrayType(DataTypes.StringType, false), false)
            .add("split", DataTypes.StringType, true)
            .add("group", DataTypes.StringType, true)
            .add("weight", DataTypes.DoubleType, true)
            .add("problem", DataTypes.StringType, true);

    public ImageRecord {
        present = List.copyOf(present);
        unknown = List.copyOf(unknown);
    }

    /** A record that can't be used. */
    static ImageRecord unusable(String key, String problem) {
        return new ImageRecord(
                key,
                Optional.empty(),
                null,
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(problem));
    }

    Row toRow() {
        return RowFactory.create(
                key,
                path.orElse(null),
                image,
                present.toArray(String[]::new),
                unknown.toArray(String[]::new),
                split.orElse(null),
                group.orElse(null),
                weight.orElse(null),
                problem.orElse(null));
    }

    /**
     * Reads a record.
     *
     * @param row of {@link #SCHEMA}
     */
    public static ImageRecord of(Row row) {
        return new ImageRecord(
                row.getString(0),
                Optional.ofNullable(row.getString(1)),
                row.isNullAt(2) ? null : row.<byte[]>getAs(2),
                row.getList(3),
                row.getList(4),
                Optional.ofNullable(row.getString(5)),
                Optional.ofNullable(row.getString(6)),
                row.isNullAt(7) ? Optional.empty() : Optional.of(row.getDouble(7)),
                Optional.ofNullable(row.getString(8)));
    }

    /** What people call it: its path, or its name where it has none. */
    public String place() {
        return path.orElse(key);
    }
}
