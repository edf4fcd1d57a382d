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

    /** How much the image counts: those that are learnt from have the mean 1. */
    public static final int WEIGHT = 3;

    /** Why an image can't be used, in a sentence that names it; empty if it can. It ends the run. */
    public static final int ERROR = 4;

    public static final StructType SCHEMA = new StructType()
            .add("pixels", DataTypes.BinaryType, false)
            .add("label", DataTypes.IntegerType, false)
            .add("validation", DataTypes.BooleanType, false)
            .add("weight", DataTypes.FloatType, false)
            .add("error", DataTypes.StringType, false);

    private TrainingRows() {}
}
