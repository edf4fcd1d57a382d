package io.densespark.spark.predict;

import io.densespark.data.ImageShape;
import io.densespark.spark.JobException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * The column of a DataFrame that has the images. By its type they are:
 *
 * <ul>
 *   <li>binary: encoded images (JPEG, PNG, WebP, GIF, BMP, TIFF); if a shape is given, plain pixels {@code [H, W, C]}
 *   <li>string: paths of encoded images, on any Hadoop file system
 *   <li>{@code struct<bytes: binary, path: string>}, as Hugging Face's datasets have it: an encoded image, or if its bytes
 *       are null the path of one
 *   <li>the struct of Spark's data source {@code image}
 *   <li>an array of numbers, or an ML vector: pixels {@code [H, W, C]} of the shape that is given, 0 to 255
 * </ul>
 */
public final class ImageColumn implements Serializable {
    private static final String PATH = "path";
    private static final String SUPPORTED = "encoded images (binary), paths (string), Spark's image struct, "
            + "struct<bytes: binary, path: string>, and pixels in an array of numbers or an ML vector";

    private final String name;
    private final int index;
    private final int pathIndex;
    private final Cell cell;

    private ImageColumn(String name, int index, int pathIndex, Cell cell) {
        this.name = name;
        this.index = index;
        this.pathIndex = pathIndex;
        this.cell = cell;
    }

    /**
     * Finds out how a column holds images.
     *
     * @param shape of images that are given as numbers or as plain pixels
     * @throws JobException if there is no such column, it has none of the types above, or its type wants a shape and there is
     *     none
     */
    public static ImageColumn of(StructType schema, String name, Optional<ImageShape> shape) {
        if (!Arrays.asList(schema.fieldNames()).contains(name)) {
            throw new JobException("the DataFrame has no column '" + name + "' with images, it has "
                    + Arrays.toString(schema.fieldNames()) + ": name the one that has them (imageCol)");
        }
        int pathIndex = StructFields.have(schema, PATH, StringType.class) ? schema.fieldIndex(PATH) : -1;
        Cell cell = cell(schema.apply(name).dataType(), name, shape);
        return new ImageColumn(name, schema.fieldIndex(name), pathIndex, cell);
    }

    private static Cell cell(DataType type, String name, Optional<ImageShape> shape) {
        if (type instanceof BinaryType) {
            return shape.<Cell>map(PlainCell::new).orElseGet(EncodedCell::new);
        }
        if (type instanceof StringType) {
            return new PathCell();
        }
        if (type.equals(SQLDataTypes.VectorType())
                || (type instanceof ArrayType array && array.elementType() instanceof NumericType)) {
            return new NumbersCell(shape.orElseThrow(() -> new JobException("column '" + name + "' has images as "
                    + type.simpleString() + ": set imageShape to their height, width and channels")));
        }
        Optional<Cell> ofStruct = type instanceof StructType struct ? ofStruct(struct) : Optional.empty();
        return ofStruct.orElseThrow(() -> new JobException("column '" + name + "' is of type " + type.simpleString()
                + ", which can't be read as images: supported are " + SUPPORTED));
    }

    private static Optional<Cell> ofStruct(StructType type) {
        Optional<FileStructCell> file = FileStructCell.of(type);
        return file.isPresent()
                ? file.map(each -> each)
                : ImageStructCell.of(type).map(each -> each);
    }

    /**
     * Whether images of this column can become a model's.
     *
     * @param channels that the model takes
     * @throws JobException if they can't
     */
    public void requireFor(int channels) {
        int from = cell.channels().orElse(channels == 1 ? 1 : 3);
        if (!Pixels.isConvertible(from, channels)) {
            throw new JobException("column '" + name + "' has images of " + from + " channels, the model takes "
                    + channels + ": give pixels of as many channels, with their imageShape");
        }
    }

    /**
     * A row's image, in its own size.
     *
     * @throws BadImageException if it is null, or can't be decoded
     */
    Pixels read(Row row, ImageFiles files) throws BadImageException {
        if (row.isNullAt(index)) {
            throw new BadImageException("null");
        }
        return cell.read(row, index, files);
    }

    /**
     * What to call a row's image: by its path, if the image or a column {@code path} tells one.
     *
     * @param position of the row in its partition, from 0
     */
    public String name(Row row, int partition, long position) {
        String origin = row.isNullAt(index) ? "" : cell.origin(row, index);
        if (origin.isEmpty() && pathIndex >= 0 && !row.isNullAt(pathIndex)) {
            origin = row.getString(pathIndex);
        }
        return origin.isEmpty()
                ? "the image in column '" + name + "' of row " + position + " of partition " + partition
                : "image " + origin;
    }
}
