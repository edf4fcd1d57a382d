package io.densespark.data.records;

import io.densespark.data.LabelKind;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A data set of encoded images, ready to be read. */
public sealed interface RecordSource permits FolderSource, TableSource, TarSource {
    /** A short name for the data set, such as {@code flowers}. */
    String name();

    /** Where it is read from, for people. */
    String location();

    /** Names of the classes, in their order; empty if they are to be found among the labels. */
    default Optional<List<String>> classes() {
        return Optional.empty();
    }

    /** Whether an image has one class, or something is told of each. */
    default LabelKind labels() {
        return LabelKind.CLASS;
    }

    /** Whether images have weights. */
    default boolean weighted() {
        return false;
    }

    /** Whether records hold the images themselves, and not their paths. */
    boolean holdsImages();

    /**
     * The records, rows of {@link ImageRecord#SCHEMA}; lazily, and the same ones each time.
     *
     * @param withImages whether those that hold images are to have them; the others have paths either way
     */
    Dataset<Row> records(boolean withImages);
}
