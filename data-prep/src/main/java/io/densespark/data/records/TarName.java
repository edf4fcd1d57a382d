package io.densespark.data.records;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * An entry's name in parts, as WebDataset takes it apart.
 *
 * @param folders from the outermost to the one that the entry lies in
 * @param stem of the entry's own name, up to its first dot
 * @param ending what is behind that dot, in small letters
 */
record TarName(List<String> folders, String stem, String ending) {
    static TarName of(String entry) {
        List<String> parts = Stream.of(entry.split("/", -1))
                .filter(part -> !part.isEmpty() && !part.equals("."))
                .toList();
        if (parts.isEmpty()) {
            return new TarName(List.of(), "", "");
        }
        String own = parts.get(parts.size() - 1);
        int dot = own.indexOf('.');
        List<String> folders = parts.subList(0, parts.size() - 1);
        return dot < 0
                ? new TarName(folders, own, "")
                : new TarName(
                        folders, own.substring(0, dot), own.substring(dot + 1).toLowerCase(Locale.ROOT));
    }

    /** Whether both name parts of one sample. */
    boolean isOf(TarName other) {
        return folders.equals(other.folders) && stem.equals(other.stem);
    }

    /** Whether tools, not people, have put it there: {@code ._cat.jpg}, {@code __MACOSX/cat.jpg}. */
    boolean isHidden() {
        return stem.isEmpty() || folders.stream().anyMatch(folder -> folder.startsWith(".") || folder.startsWith("_"));
    }
}
