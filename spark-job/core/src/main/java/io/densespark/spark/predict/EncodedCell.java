package io.densespark.spark.predict;

import org.apache.spark.sql.Row;

/** The bytes of an encoded image. */
record EncodedCell() implements Cell {
    @Override
    public Pixels read(Row row, int index, ImageFiles files) throws BadImageException {
        return files.decode((byte[]) row.get(index));
    }
}
