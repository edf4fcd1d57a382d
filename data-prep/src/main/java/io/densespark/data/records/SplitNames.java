package io.densespark.data.records;

import io.densespark.data.DatasetDescription;
import java.util.Locale;
import java.util.Optional;

/** The names that splits have in the world. */
final class SplitNames {
    private SplitNames() {}

    /** The split that is meant, if one is. */
    static Optional<String> of(String name) {
        return switch (name.strip().toLowerCase(Locale.ROOT)) {
            case "train", "training" -> Optional.of(DatasetDescription.TRAIN);
            case "val", "valid", "validation", "dev" -> Optional.of(DatasetDescription.VALIDATION);
            case "test", "testing" -> Optional.of(DatasetDescription.TEST);
            default -> Optional.empty();
        };
    }
}
