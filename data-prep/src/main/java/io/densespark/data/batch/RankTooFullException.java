package io.densespark.data.batch;

import io.densespark.data.DataException;

/** The images of one rank take more heap than they may. */
public final class RankTooFullException extends DataException {
    private final int images;
    private final long maxBytes;

    RankTooFullException(int images, long maxBytes) {
        super("more than " + images + " images don't fit the " + maxBytes / 1_000_000 + " MB of heap for images");
        this.images = images;
        this.maxBytes = maxBytes;
    }

    /** How many fit. */
    public int images() {
        return images;
    }

    /** Bytes of heap that images may take. */
    public long maxBytes() {
        return maxBytes;
    }
}
