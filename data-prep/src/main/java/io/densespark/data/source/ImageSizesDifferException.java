package io.densespark.data.source;

import io.densespark.data.DataException;

/** Images of several sizes in a source that was opened without an image size to bring them all to. */
public final class ImageSizesDifferException extends DataException {
    private final String facts;

    ImageSizesDifferException(String facts) {
        super(facts + ": set an image size N to scale them all and cut their central N x N");
        this.facts = facts;
    }

    /** The two images and their sizes, without what to do about it. */
    public String facts() {
        return facts;
    }
}
