package io.densespark.spark.predict;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;

/** Some rows in their order, and the pixels of those that have a usable image. */
final class PredictBatch {
    private static final int NONE = -1;

    private final byte[] pixels;
    private final int imageBytes;
    private final List<Row> rows = new ArrayList<>();
    private final List<Integer> places = new ArrayList<>();
    private int images;

    /** @param pixels for the most rows that it will have, {@code [N, H, W, C]}; not copied */
    PredictBatch(byte[] pixels, int imageBytes) {
        this.pixels = pixels;
        this.imageBytes = imageBytes;
    }

    void add(Row row, byte[] image) {
        System.arraycopy(image, 0, pixels, images * imageBytes, imageBytes);
        rows.add(row);
        places.add(images++);
    }

    void addWithoutImage(Row row) {
        rows.add(row);
        places.add(NONE);
    }

    byte[] pixels() {
        return pixels;
    }

    int images() {
        return images;
    }

    int size() {
        return rows.size();
    }

    Row row(int index) {
        return rows.get(index);
    }

    boolean hasImage(int index) {
        return places.get(index) != NONE;
    }

    /** Which of the batch's images a row has. */
    int place(int index) {
        return places.get(index);
    }
}
