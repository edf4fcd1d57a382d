package io.densespark.data.records;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The split that a file's name begins with, as Hugging Face names them: {@code train-00000-of-00005.parquet}. */
final class SplitOfFile {
    private static final Pattern NAME = Pattern.compile("([a-z]+)(?:-[0-9]{5,}-of-[0-9]{5,}.*|-[0-9]{4,})?\\.parquet");

    private static final Pattern ARCHIVE = Pattern.compile("([a-z]+)(?:[-_.][0-9]+)?\\.(?:tar|tar\\.gz|tgz|tar\\.zst)");

    private SplitOfFile() {}

    /** The split that an archive's name begins with: {@code train-000042.tar}. */
    static Optional<String> ofArchive(String file) {
        Matcher name = ARCHIVE.matcher(file);
        return name.matches() ? SplitNames.of(name.group(1)) : Optional.empty();
    }

    static Optional<String> of(String file) {
        Matcher name = NAME.matcher(file);
        return name.matches() ? SplitNames.of(name.group(1)) : Optional.empty();
    }
}
