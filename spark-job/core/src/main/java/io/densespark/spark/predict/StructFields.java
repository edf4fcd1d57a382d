package io.densespark.spark.predict;

import java.util.Arrays;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** What a struct has. */
final class StructFields {
    private StructFields() {}

    static boolean have(StructType type, String name, Class<? extends DataType> fieldType) {
        return Arrays.asList(type.fieldNames()).contains(name)
                && fieldType.isInstance(type.apply(name).dataType());
    }
}
