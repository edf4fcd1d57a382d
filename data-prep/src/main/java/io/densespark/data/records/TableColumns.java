package io.densespark.data.records;

import io.densespark.data.DataException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Which columns of a table tell what of an image.
 *
 * <p>Making one throws {@link DataException} if there are labels in neither or both ways, or a class's column is named twice.
 *
 * @param image path, encoded bytes, or a struct of {@code bytes} and {@code path}
 * @param label the class's name or number; with {@code several}, names with a vertical bar between them, or an array
 * @param classes a column for each class, named like it: 1 or true where an image shows it, 0 or false where not, -1 or nothing
 *     where that is unknown
 * @param several whether images have several labels; otherwise each is of exactly one class
 * @param split {@code train}, {@code validation} or {@code test}
 * @param group what images of which must stay together
 * @param weight how much an image counts
 * @param key a name for the image that no other has
 * @param imagesRoot folder that relative paths start from; empty for that of the file that has them
 */
public record TableColumns(
        String image,
        Optional<String> label,
        List<String> classes,
        boolean several,
        Optional<String> split,
        Optional<String> group,
        Optional<String> weight,
        Optional<String> key,
        Optional<String> imagesRoot) {
    public TableColumns {
        classes = List.copyOf(classes);
        if (label.isPresent() != classes.isEmpty()) {
            throw new DataException("labels are given " + (classes.isEmpty() ? "nowhere" : "in two ways")
                    + ": name one column with the class, or one for each class");
        }
        if (new HashSet<>(classes).size() != classes.size()) {
            throw new DataException("the columns of classes " + classes + " name one twice: name each once");
        }
    }

    /** One class an image, in a column of names or numbers, and nothing more. */
    public static TableColumns of(String image, String label) {
        return new TableColumns(
                image,
                Optional.of(label),
                List.of(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
