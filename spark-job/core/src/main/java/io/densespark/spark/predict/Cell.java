package io.densespark.spark.predict;

import java.io.Serializable;
import java.util.OptionalInt;
import org.apache.spark.sql.Row;

/** How one type of column holds an image: that of a row at an index, where it isn't null. */
interface Cell extends Serializable {
    /**
     * The image, in the channels that {@code files} decode to or in its own.
     *
     * @throws BadImageException if there is none
     */
    Pixels read(Row row, int index, ImageFiles files) throws BadImageException;

    /** Where the image came from, as far as that is known; empty if it isn't. */
    default String origin(Row row, int index) {
        return "";
    }

    /** The channels of all images; empty if an image is decoded to grey or to colors, as is wanted, or tells by itself. */
    default OptionalInt channels() {
        return OptionalInt.empty();
    }
}
