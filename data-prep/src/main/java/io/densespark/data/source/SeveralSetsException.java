package io.densespark.data.source;

import io.densespark.data.DataException;

/** Several data sets in one folder, none of which was named. */
public final class SeveralSetsException extends DataException {
    private final String facts;

    SeveralSetsException(String facts) {
        super(facts + ": name the one to take, or give a folder with one only");
        this.facts = facts;
    }

    /** The folder and the sets in it, without what to do about it. */
    public String facts() {
        return facts;
    }
}
