package io.densespark.model.weights;

import java.util.List;
import java.util.Locale;

/**
 * What became of the tensors of a file from elsewhere.
 *
 * @param source the file
 * @param loaded our names of the tensors that were taken over
 * @param missing our names of those that the file hasn't: they are initialized
 * @param unexpected the file's names of those that the network hasn't, of whatever type: they are ignored
 * @param otherClassifier our names of the classifier's, if its number of classes differs: they are initialized
 */
public record ImportReport(
        String source,
        List<String> loaded,
        List<String> missing,
        List<String> unexpected,
        List<String> otherClassifier) {
    private static final int NAMED = 5;

    public ImportReport {
        loaded = List.copyOf(loaded);
        missing = List.copyOf(missing);
        unexpected = List.copyOf(unexpected);
        otherClassifier = List.copyOf(otherClassifier);
    }

    /** Lines for people, each ended; the first few names of each kind. */
    public String describe() {
        return String.format(Locale.ROOT, "Initial weights from %s: %d tensors loaded%n", source, loaded.size())
                + line("classifier of another size, initialized", otherClassifier)
                + line("missing there, initialized", missing)
                + line("unexpected, ignored", unexpected);
    }

    private static String line(String what, List<String> names) {
        if (names.isEmpty()) {
            return "";
        }
        String more = names.size() > NAMED ? ", and " + (names.size() - NAMED) + " more" : "";
        String some = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
        return String.format(Locale.ROOT, "  %s (%d): %s%s%n", what, names.size(), some, more);
    }
}
