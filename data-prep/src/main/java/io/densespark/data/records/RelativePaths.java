package io.densespark.data.records;

import org.apache.hadoop.fs.Path;

/** Paths as seen from a folder, and short names made of them. */
final class RelativePaths {
    private RelativePaths() {}

    /** {@code path} below {@code folder}, such as {@code a/b.jpg}; the path itself if it isn't below it. */
    static String below(Path folder, Path path) {
        String whole = path.toUri().getPath();
        String above = folder.toUri().getPath();
        String prefix = above.endsWith("/") ? above : above + "/";
        return whole.startsWith(prefix) ? whole.substring(prefix.length()) : path.toString();
    }

    /** A name for a data set: a file's or folder's own, without endings. */
    static String shortName(Path path) {
        // A path that was made of a URI may end in a slash.
        String name = new Path(path.toString()).getName();
        int ending = name.indexOf('.');
        String stem = ending > 0 ? name.substring(0, ending) : name;
        return stem.isBlank() ? "images" : stem;
    }
}
