package io.densespark.spark.predict;

import org.apache.spark.sql.Row;

/** The path of an encoded image. */
record PathCell() implements Cell {
    @Override
    public Pixels read(Row row, int index, ImageFiles files) throws BadImageException {
        return files.read(row.getString(index));
    }

    @Override
    public String origin(Row row, int index) {
        return row.getString(index);
    }
}
