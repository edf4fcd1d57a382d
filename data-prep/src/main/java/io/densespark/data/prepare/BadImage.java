package io.densespark.data.prepare;

import java.io.Serializable;
import java.util.Comparator;

/**
 * An image that can't be prepared.
 *
 * @param path of its file, or its name in the source
 * @param reason what is wrong, which goes on after the name and a colon
 */
record BadImage(String path, String reason) implements Serializable {
    static final Comparator<BadImage> ORDER =
            Comparator.comparing(BadImage::path).thenComparing(BadImage::reason);
}
