package io.densespark.spark.predict;

import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/** Hugging Face's {@code struct<bytes: binary, path: string>}: an encoded image, or where it is if there are no bytes. */
record FileStructCell(int bytes, int path) implements Cell {
    static Optional<FileStructCell> of(StructType type) {
        boolean isOne =
                StructFields.have(type, "bytes", BinaryType.class) && StructFields.have(type, "path", StringType.class);
        return isOne
                ? Optional.of(new FileStructCell(type.fieldIndex("bytes"), type.fieldIndex("path")))
                : Optional.empty();
    }

    @Override
    public Pixels read(Row row, int index, ImageFiles files) throws BadImageException {
        Row struct = row.getStruct(index);
        if (!struct.isNullAt(bytes)) {
            return files.decode((byte[]) struct.get(bytes));
        }
        if (!struct.isNullAt(path)) {
            return files.read(struct.getString(path));
        }
        throw new BadImageException("null: it has neither bytes nor a path");
    }

    @Override
    public String origin(Row row, int index) {
        Row struct = row.getStruct(index);
        return struct.isNullAt(path) ? "" : struct.getString(path);
    }
}
