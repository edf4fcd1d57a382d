package io.densespark.data.batch;

import io.densespark.data.DataException;

/** A split whose images take more memory than there is for them: all decoded ones, or the encoded ones of two windows. */
public final class SplitTooLargeException extends DataException {
    private final String facts;
    private final long missingMebibytes;

    SplitTooLargeException(String split, String dataset, long neededBytes, long freeBytes) {
        this(
                "split " + split + " of " + dataset + " takes " + mebibytes(neededBytes) + " MiB in memory and "
                        + mebibytes(freeBytes) + " MiB are free for it",
                mebibytes(neededBytes - freeBytes));
    }

    /** For images that are read as they are needed, and shuffled within windows. */
    static SplitTooLargeException ofWindows(String split, String dataset, long neededBytes, long freeBytes) {
        return new SplitTooLargeException(
                "the windows in which split " + split + " of " + dataset + " is shuffled take " + mebibytes(neededBytes)
                        + " MiB in memory and " + mebibytes(freeBytes) + " MiB are free for them",
                mebibytes(neededBytes - freeBytes));
    }

    private SplitTooLargeException(String facts, long missingMebibytes) {
        super(facts + ": raise the heap by " + missingMebibytes + " MiB or more");
        this.facts = facts;
        this.missingMebibytes = missingMebibytes;
    }

    /** The split, what it takes and what there is, without what to do about it. */
    public String facts() {
        return facts;
    }

    /** MiB of memory for images by which there are too few, rounded up. */
    public long missingMebibytes() {
        return missingMebibytes;
    }

    private static long mebibytes(long bytes) {
        return (Math.max(0, bytes) + (1L << 20) - 1) >> 20;
    }
}
