package io.densespark.data.records;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.input_file_name;
import static org.apache.spark.sql.functions.lit;

import io.densespark.data.DataException;
import io.densespark.data.LabelKind;
import io.densespark.data.files.Obstacle;
import io.densespark.data.records.NoSuchColumnException.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/** Records in a table, a row for each, whatever Spark has read it from. */
public final class TableSource implements RecordSource {
    private static final String BYTES = "bytes";
    private static final String PATH = "path";

    private final SparkSession spark;
    private final String name;
    private final String location;
    private final Dataset<Row> table;
    private final TableColumns columns;
    private final Optional<Path> root;
    private final Optional<List<String>> labelNames;
    /** A number for each row that stays the same, if there is no better name for the image. */
    private final Optional<Column> rowNumber;

    private final Column imagePath;
    private final Optional<Column> imageBytes;

    /**
     * @param root what keys are to be seen from, where they are paths
     * @param labelNames the names that label numbers stand for
     * @param rowNumber number of a row within its file, if that is known
     */
    private TableSource(
            SparkSession spark,
            String name,
            String location,
            Dataset<Row> table,
            TableColumns columns,
            Optional<Path> root,
            Optional<List<String>> labelNames,
            Optional<Column> rowNumber) {
        this.spark = spark;
        this.name = name;
        this.location = location;
        this.table = table;
        this.columns = columns;
        this.root = root;
        this.labelNames = labelNames;
        this.rowNumber = rowNumber;
        DataType type = type(columns.image(), Role.IMAGE);
        if (type instanceof StringType) {
            imagePath = column(columns.image());
            imageBytes = Optional.empty();
        } else if (type instanceof BinaryType) {
            imagePath = lit(null);
            imageBytes = Optional.of(column(columns.image()));
        } else if (type instanceof StructType struct
                && List.of(struct.fieldNames()).contains(BYTES)) {
            boolean hasPath = List.of(struct.fieldNames()).contains(PATH);
            imagePath = hasPath ? column(columns.image()).getField(PATH) : lit(null);
            imageBytes = Optional.of(column(columns.image()).getField(BYTES));
        } else {
            throw new DataException(location + " has images in column '" + columns.image() + "' as "
                    + type.simpleString() + ": they must be paths, encoded bytes, or a struct with a field 'bytes'");
        }
        requireColumns();
        requireNames();
    }

    /**
     * Any table.
     *
     * @param name for the data set
     * @param location where the table is, for people
     * @throws NoSuchColumnException if a column isn't there
     * @throws DataException if images or labels are of a type that can't be used, or images in the table have no keys
     */
    public static TableSource of(
            SparkSession spark, String name, String location, Dataset<Row> table, TableColumns columns) {
        return new TableSource(
                spark, name, location, table, columns, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * A table that Spark knows by its name.
     *
     * @throws DataException if there is none
     */
    public static RecordSource named(SparkSession spark, String name, TableColumns columns) {
        try {
            return of(spark, name, "table " + name, spark.table(name), columns);
        } catch (Exception e) {
            // Scala does not declare what it throws.
            if (e instanceof AnalysisException) {
                throw new DataException(
                        "there is no table " + name + " in Spark (" + Obstacle.reason(e) + "): check the name", e);
            }
            throw e;
        }
    }

    /** A table of files that lie at {@code root} or below it. */
    static TableSource ofFiles(
            SparkSession spark,
            Path root,
            Path input,
            Dataset<Row> table,
            TableColumns columns,
            Optional<List<String>> labelNames,
            Optional<Column> rowNumber) {
        return new TableSource(
                spark,
                RelativePaths.shortName(input),
                input.toString(),
                table,
                columns,
                Optional.of(root),
                labelNames,
                rowNumber);
    }

    private void requireColumns() {
        columns.label().ifPresent(column -> type(column, Role.LABEL));
        columns.classes().forEach(column -> type(column, Role.CLASS));
        columns.split().ifPresent(column -> type(column, Role.SPLIT));
        columns.group().ifPresent(column -> type(column, Role.GROUP));
        columns.weight().ifPresent(column -> type(column, Role.WEIGHT));
        columns.key().ifPresent(column -> type(column, Role.KEY));
    }

    private void requireNames() {
        if (holdsImages() && columns.key().isEmpty() && rowNumber.isEmpty()) {
            throw new DataException(location + " holds images that have no names: name a column that tells them apart");
        }
    }

    private DataType type(String column, Role role) {
        List<String> there = List.of(table.columns());
        if (!there.contains(column)) {
            throw new NoSuchColumnException(location, column, role, there);
        }
        return table.schema().apply(column).dataType();
    }

    private Column column(String column) {
        return table.col("`" + column + "`");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String location() {
        return location;
    }

    @Override
    public Optional<List<String>> classes() {
        return columns.classes().isEmpty() ? labelNames : Optional.of(columns.classes());
    }

    @Override
    public LabelKind labels() {
        return columns.several() ? LabelKind.MULTI : LabelKind.CLASS;
    }

    @Override
    public boolean weighted() {
        return columns.weight().isPresent();
    }

    @Override
    public boolean holdsImages() {
        return imageBytes.isPresent();
    }

    @Override
    public Dataset<Row> records(boolean withImages) {
        List<Column> parts = new ArrayList<>();
        parts.add(imagePath.cast(DataTypes.StringType));
        parts.add(imageBytes.filter(bytes -> withImages).orElse(lit(null)).cast(DataTypes.BinaryType));
        parts.add(labelColumn());
        parts.add(flagColumns());
        for (Optional<String> part : List.of(columns.split(), columns.group(), columns.weight(), columns.key())) {
            parts.add(part.map(this::column).orElse(lit(null)).cast(DataTypes.StringType));
        }
        parts.add(input_file_name());
        parts.add(rowNumber.orElse(lit(null)).cast(DataTypes.LongType));
        RowReader reader = new RowReader(columns, root.map(Path::toString).orElse(""), labelNames, holdsImages());
        return spark.createDataFrame(
                table.select(parts.toArray(Column[]::new)).javaRDD().map(reader), ImageRecord.SCHEMA);
    }

    /** An array of texts, null where there is no label. */
    private Column labelColumn() {
        if (columns.label().isEmpty()) {
            return lit(null).cast(DataTypes.createArrayType(DataTypes.StringType));
        }
        Column label = column(columns.label().get());
        return type(columns.label().get(), Role.LABEL) instanceof ArrayType
                ? label.cast(DataTypes.createArrayType(DataTypes.StringType))
                : functions.when(label.isNotNull(), array(label.cast(DataTypes.StringType)));
    }

    private Column flagColumns() {
        return array(columns.classes().stream()
                        .map(name -> column(name).cast(DataTypes.StringType))
                        .toArray(Column[]::new))
                .cast(DataTypes.createArrayType(DataTypes.StringType));
    }
}
