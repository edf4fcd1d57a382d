package io.densespark.data.batch;

import io.densespark.data.DataException;
import java.io.IOException;
import java.nio.file.Path;

/** Images that don't fit the heap can't be kept on a local disk either. */
public final class SpoolException extends DataException {
    private final String facts;

    SpoolException(Path folder, IOException cause) {
        super(facts(folder, cause) + ": give the process more heap, or a folder with more room", cause);
        facts = facts(folder, cause);
    }

    private static String facts(Path folder, IOException cause) {
        return "images that don't fit the heap can't be kept in " + folder + ": " + cause.getMessage();
    }

    /** The message without a remedy. */
    public String facts() {
        return facts;
    }
}
