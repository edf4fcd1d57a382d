package io.densespark.spark.predict;

import io.densespark.spark.JobException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The names of the columns that a prediction appends, in this order; an empty name leaves the column out.
 *
 * @param features ML vector {@code [F]}: what the classifier is applied to
 * @param rawPrediction ML vector {@code [classes]}: the logits
 * @param probability ML vector {@code [classes]}: their softmax
 * @param prediction double: the index of the class
 */
public record OutputColumns(String features, String rawPrediction, String probability, String prediction)
        implements Serializable {
    /** Spark ML's own names, without features. */
    public static final OutputColumns DEFAULT = new OutputColumns("", "rawPrediction", "probability", "prediction");

    /** @throws JobException if there is no column, or two have one name */
    public OutputColumns {
        List<String> names = named(features, rawPrediction, probability, prediction);
        if (names.isEmpty()) {
            throw new JobException("a prediction has no output column: name one of features, rawPrediction, "
                    + "probability and prediction");
        }
        if (new HashSet<>(names).size() < names.size()) {
            throw new JobException("two output columns of a prediction have the same name: " + names);
        }
    }

    private static List<String> named(String... names) {
        return List.of(names).stream().filter(name -> !name.isEmpty()).toList();
    }

    /** How many there are. */
    int count() {
        return named(features, rawPrediction, probability, prediction).size();
    }

    /**
     * A schema with these columns behind its own.
     *
     * @throws JobException if it has one of the names already, whatever their case
     */
    public StructType appendedTo(StructType input) {
        StructType schema = input;
        for (StructField field : fields()) {
            for (String name : input.fieldNames()) {
                if (name.toLowerCase(Locale.ROOT).equals(field.name().toLowerCase(Locale.ROOT))) {
                    throw new JobException("output column " + field.name() + " is in the DataFrame already: give "
                            + "it another name, an empty one to leave it out, or drop the DataFrame's");
                }
            }
            schema = schema.add(field);
        }
        return schema;
    }

    private List<StructField> fields() {
        List<StructField> fields = new ArrayList<>();
        for (String name : named(features, rawPrediction, probability)) {
            fields.add(DataTypes.createStructField(name, SQLDataTypes.VectorType(), true));
        }
        for (String name : named(prediction)) {
            fields.add(DataTypes.createStructField(name, DataTypes.DoubleType, true));
        }
        return fields;
    }
}
