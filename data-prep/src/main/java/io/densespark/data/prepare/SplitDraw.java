package io.densespark.data.prepare;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;

import io.densespark.data.prepare.SplitRule.Bounds;
import io.densespark.data.prepare.SplitRule.Unit;
import io.densespark.data.records.ImageRecord;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Draws test and validation images of the training images: finds the last units of each stratum, see {@link SplitRule}. */
final class SplitDraw {
    private static final StructType UNITS = new StructType()
            .add("stratum", DataTypes.StringType, false)
            .add("hash", DataTypes.LongType, false)
            .add("unit", DataTypes.StringType, false);

    private SplitDraw() {}

    /**
     * @param records all of them good
     * @param testShare of a stratum's units, rounded to the nearest number; 0 for none
     * @param validationShare likewise
     */
    static SplitRule of(
            SparkSession spark,
            JavaRDD<ImageRecord> records,
            SplitRule given,
            double testShare,
            double validationShare) {
        JavaRDD<Row> units = records.filter(record -> given.given(record) == Split.TRAIN)
                .map(record -> {
                    Unit unit = given.unit(record);
                    return RowFactory.create(given.stratum(record), unit.hash(), unit.name());
                });
        Column test = floor(col("units").multiply(testShare).plus(lit(0.5)));
        Column validation = floor(col("units").multiply(validationShare).plus(lit(0.5)));
        Map<String, Bounds> bounds = new HashMap<>();
        spark.createDataFrame(units, UNITS)
                .distinct()
                .withColumn(
                        "place", row_number().over(Window.partitionBy("stratum").orderBy("hash", "unit")))
                .withColumn("units", count(lit(1)).over(Window.partitionBy("stratum")))
                .withColumn("test", test)
                .withColumn("drawn", test.plus(validation))
                .filter(col("place").equalTo(col("test")).or(col("place").equalTo(col("drawn"))))
                .select("stratum", "hash", "unit", "place", "test", "drawn")
                .collectAsList()
                .forEach(row -> bounds.merge(row.getString(0), bounds(row), SplitDraw::later));
        return given.drawing(bounds);
    }

    private static Bounds bounds(Row row) {
        Unit unit = new Unit(row.getLong(1), row.getString(2));
        return new Bounds(
                row.getInt(3) == row.getLong(4) ? unit : Unit.BEFORE_ALL,
                row.getInt(3) == row.getLong(5) ? unit : Unit.BEFORE_ALL);
    }

    private static Bounds later(Bounds a, Bounds b) {
        return new Bounds(later(a.lastOfTest(), b.lastOfTest()), later(a.lastOfValidation(), b.lastOfValidation()));
    }

    private static Unit later(Unit a, Unit b) {
        return a.compareTo(b) > 0 ? a : b;
    }
}
