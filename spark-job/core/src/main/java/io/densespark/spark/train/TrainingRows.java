package io.densespark.spark.train;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Images of a DataFrame as ranks read them. */
public final class TrainingRows {
    /** {@code [H, W, C]}, unsigned bytes. */
    public static final int PIXELS = 0;

    /** Number of the class, from 0. */
    public static final int LABEL = 1;

    /** True for images that are not learnt from. */
    public static final int VALIDATION = 2;

    public static final StructType SCHEMA = new StructType()
            .add("pixels", DataTypes.BinaryType, false)
            .add("label", DataTypes.IntegerType, false)
            .add("validation", DataTypes.BooleanType, false);

    private TrainingRows() {}
}
