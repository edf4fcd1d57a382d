package io.densespark.data.records;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The split that a file's name begins with, as Hugging Face names them: {@code train-00000-of-00005.parquet}. */
final class SplitOfFile {
    private static final Pattern NAME = Pattern.compile("([a-z]+)(?:-[0-9]{5,}-of-[0-9]{5,}.*|-[0-9]{4,})?\\.parquet");

    private SplitOfFile() {}

    static Optional<String> of(String file) {
        Matcher name = NAME.matcher(file);
        return name.matches() ? SplitNames.of(name.group(1)) : Optional.empty();
    }
}
