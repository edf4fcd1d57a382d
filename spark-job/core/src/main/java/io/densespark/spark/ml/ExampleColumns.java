package io.densespark.spark.ml;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.xxhash64;

import io.densespark.spark.JobException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of a DataFrame that training reads.
 *
 * @param image column of the images
 * @param label column of the labels
 * @param validation column that is true for rows which aren't learnt from; null counts as false
 * @param weight column of the rows' weights
 * @param group column of which no value's rows are parted by a split
 */
record ExampleColumns(
        String image, LabelColumn label, Optional<String> validation, Optional<String> weight, Optional<String> group) {
    /** Names of the columns that {@link #select} gives; the image keeps its own. */
    static final String LABEL = "densespark_label";

    static final String VALIDATION = "densespark_validation";

    static final String WEIGHT = "densespark_weight";

    private static final int PARTS = 1_000_000;

    /** @throws JobException if a column is missing, or isn't of its type */
    void require(StructType schema) {
        validation.ifPresent(name -> {
            requireColumn(schema, name, "", "validationIndicatorCol");
            if (!(schema.apply(name).dataType() instanceof BooleanType)) {
                throw new JobException("column '" + name + "' is of type "
                        + schema.apply(name).dataType().simpleString()
                        + ": validationIndicatorCol takes a boolean column");
            }
        });
        weight.ifPresent(name -> {
            requireColumn(schema, name, "", "weightCol");
            if (!(schema.apply(name).dataType() instanceof NumericType)) {
                throw new JobException("column '" + name + "' is of type "
                        + schema.apply(name).dataType().simpleString() + ": weightCol takes a column of numbers");
            }
        });
        group.ifPresent(name -> requireColumn(schema, name, "", "groupCol"));
    }

    /** @throws JobException naming the param to set, if there is no such column */
    static void requireColumn(StructType schema, String name, String what, String param) {
        if (!Arrays.asList(schema.fieldNames()).contains(name)) {
            throw new JobException("the DataFrame has no column '" + name + "'" + what + ", it has "
                    + Arrays.toString(schema.fieldNames()) + ": set " + param + " to one of them");
        }
    }

    /**
     * Label, validation and weight of each row.
     *
     * @param share of the groups that are kept aside where no column says which rows are, 0 to 1
     */
    Dataset<Row> select(Dataset<?> rows, long seed, double share) {
        return rows.select(labelText().as(LABEL), isValidation(seed, share).as(VALIDATION), weights());
    }

    /** The same with the image and all that tells where it came from, before them. */
    Dataset<Row> selectWithImages(Dataset<?> rows, long seed, double share) {
        boolean hasPath = Arrays.asList(rows.columns()).contains("path") && !image.equals("path");
        List<Column> columns = hasPath ? List.of(field(image), field("path")) : List.of(field(image));
        Column[] all = new Column[columns.size() + 3];
        columns.toArray(all);
        all[all.length - 3] = labelText().as(LABEL);
        all[all.length - 2] = isValidation(seed, share).as(VALIDATION);
        all[all.length - 1] = weights();
        return rows.select(all);
    }

    private Column labelText() {
        Column own = field(label.name());
        return label.isText() ? own : own.cast(DataTypes.DoubleType).cast(DataTypes.StringType);
    }

    private Column weights() {
        Column own = weight.map(ExampleColumns::field).orElse(lit(1));
        return own.cast(DataTypes.DoubleType).as(WEIGHT);
    }

    private Column isValidation(long seed, double share) {
        if (validation.isPresent()) {
            return coalesce(field(validation.get()), lit(false));
        }
        if (group.isEmpty() || share <= 0) {
            return lit(false);
        }
        // A part of its own for each group, whatever the rows' order.
        Column part = pmod(xxhash64(lit(seed), field(group.get())), lit(PARTS));
        return part.lt((long) (share * PARTS));
    }

    /** A column by its name, whatever characters that has. */
    private static Column field(String name) {
        return col("`" + name.replace("`", "``") + "`");
    }
}
