package io.densespark.data.batch;

import io.densespark.data.DataException;

/** The images of one rank take more heap than they may. */
public final class RankTooFullException extends DataException {
    private final String facts;

    RankTooFullException(int images, long maxBytes) {
        super(facts(images, maxBytes) + ": give the process more heap, or spread them over more ranks");
        facts = facts(images, maxBytes);
    }

    private static String facts(int images, long maxBytes) {
        return "more than " + images + " images of a rank don't fit the " + maxBytes / 1_000_000
                + " MB of heap that they may take";
    }

    /** The message without a remedy. */
    public String facts() {
        return facts;
    }
}
