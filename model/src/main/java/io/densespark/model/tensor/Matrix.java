package io.densespark.model.tensor;

import java.util.Objects;

/**
 * A view of a storage as rows, shape {@code [rows, columns]}; consecutive rows begin {@code stride} elements apart. A
 * feature map of N images is such a matrix: a row is a pixel, a column a channel (channels-last).
 *
 * @param storage the memory, of {@link ElementType#FLOAT} or {@link ElementType#BFLOAT16}; not owned
 * @param offset index of the first element
 * @param rows number of rows, possibly 0
 * @param columns number of columns
 * @param stride elements between the beginnings of two rows, at least {@code columns}
 */
public record Matrix(Storage storage, long offset, int rows, int columns, int stride) {
    public Matrix {
        if (rows < 0 || columns < 1 || stride < columns) {
            throw new IllegalArgumentException("no such matrix: " + rows + "x" + columns + " with stride " + stride);
        }
        if (rows > 0) {
            Objects.checkFromIndexSize(offset, (rows - 1L) * stride + columns, storage.elements());
        }
    }

    /** The first {@code rows * columns} elements of a storage, rows one after another. */
    public static Matrix contiguous(Storage storage, int rows, int columns) {
        return new Matrix(storage, 0, rows, columns, columns);
    }

    /** The columns {@code [from, from + count)} of every row. */
    public Matrix columns(int from, int count) {
        Objects.checkFromIndexSize(from, count, columns);
        return new Matrix(storage, offset + from, rows, count, stride);
    }

    /** The rows {@code [from, from + count)}. */
    public Matrix rows(int from, int count) {
        Objects.checkFromIndexSize(from, count, rows);
        return new Matrix(storage, offset + (long) from * stride, count, columns, stride);
    }

    /** True if no elements lie between the rows. */
    public boolean isContiguous() {
        return stride == columns;
    }
}
