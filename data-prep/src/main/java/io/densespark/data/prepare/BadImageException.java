package io.densespark.data.prepare;

import io.densespark.data.DataException;

/** Images that can't be prepared: one, where none is allowed, or more than are allowed. */
public final class BadImageException extends DataException {
    private final String facts;
    private final boolean areMany;

    private BadImageException(String facts, boolean areMany) {
        super(facts + (areMany ? ": mend them, or allow more" : ": mend or remove it, or allow bad images"));
        this.facts = facts;
        this.areMany = areMany;
    }

    static BadImageException one(BadImage image) {
        return new BadImageException("image " + image.path() + " can't be prepared, " + image.reason(), false);
    }

    static BadImageException many(long bad, long total, double share, BadImage example) {
        return new BadImageException(
                "at least " + bad + " of " + total + " images can't be prepared, more than the share of " + share
                        + " that is allowed; one is " + example.path() + ", " + example.reason(),
                true);
    }

    /** What is wrong, without what to do about it. */
    public String facts() {
        return facts;
    }

    /** Whether bad images are allowed, but not so many. */
    public boolean areMany() {
        return areMany;
    }
}
