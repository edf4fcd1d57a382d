package io.densespark.data.prepare;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** The images that can't be prepared, as far as there may be some. For several threads. */
final class BadImages {
    private final OptionalDouble maxShare;
    private final long total;
    private final List<BadImage> found = new ArrayList<>();

    /**
     * @param maxShare that is allowed of {@code total}; empty if none is
     */
    BadImages(OptionalDouble maxShare, long total) {
        this.maxShare = maxShare;
        this.total = total;
    }

    /** As many as can be told from too many. */
    int limit() {
        return maxShare.isEmpty() ? 1 : (int) Math.min(Integer.MAX_VALUE, allowed() + 1);
    }

    private long allowed() {
        return (long) Math.floor(maxShare.orElse(0) * total);
    }

    /** @throws BadImageException if that is one too many */
    synchronized void add(List<BadImage> images) {
        found.addAll(images);
        if (found.isEmpty()) {
            return;
        }
        if (maxShare.isEmpty()) {
            throw BadImageException.one(found.stream().min(BadImage.ORDER).orElseThrow());
        }
        if (found.size() > allowed()) {
            throw BadImageException.many(
                    found.size(),
                    total,
                    maxShare.getAsDouble(),
                    found.stream().min(BadImage.ORDER).orElseThrow());
        }
    }

    /** All of them, by their names. */
    synchronized List<BadImage> sorted() {
        return found.stream().sorted(BadImage.ORDER).toList();
    }
}
