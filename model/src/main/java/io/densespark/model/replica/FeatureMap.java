package io.densespark.model.replica;

import io.densespark.model.network.ImageShape;
import io.densespark.model.tensor.Matrix;
import io.densespark.model.tensor.Storage;
import java.util.List;

/** A buffer that holds a whole slice of a batch for each worker, as {@code [pixels of its images, columns]}. */
final class FeatureMap {
    private final Workspace w;
    private final List<Storage> copies;
    private final ImageShape shape;
    private final int columns;

    FeatureMap(Workspace w, List<Storage> copies, ImageShape shape, int columns) {
        this.w = w;
        this.copies = copies;
        this.shape = shape;
        this.columns = columns;
    }

    /** All rows of a worker. */
    Matrix of(int t) {
        return Matrix.contiguous(copies.get(t), w.images(t) * shape.pixels(), columns);
    }

    /** The rows {@code [row, row + rows)} of a worker. */
    Matrix rows(int t, int row, int rows) {
        return of(t).rows(row, rows);
    }

    /** The rows of the images {@code [image, image + images)} of a worker. */
    Matrix pixels(int t, int image, int images) {
        return rows(t, image * shape.pixels(), images * shape.pixels());
    }
}
